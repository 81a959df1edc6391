package io.authzengine.storage.server.http;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.authzengine.storage.server.Await;
import io.authzengine.storage.server.Policies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in a real browser: Chromium as the system has it. Screenshots are left in {@code target/screenshots}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DashboardTest {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final double PATIENCE_MILLIS = 30_000;
    private static final String TOKEN = "operator-0123456789";

    private @Nullable Playwright playwright;
    private @Nullable Browser browser;
    private @Nullable BrowserContext context;
    private @Nullable Served served;
    private final List<String> errors = new ArrayList<>();

    @BeforeAll
    void launch() {
        Optional<Path> chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (chromium.isEmpty() && !"1".equals(System.getenv("POLICYD_REQUIRE_BROWSER"))) {
            Assumptions.abort("there is no Chromium: install the package chromium to test the dashboard");
        }
        // What comes without an event is seen at the next look of the page, after five seconds.
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.orElseThrow())
                        .setArgs(List.of("--no-sandbox")));
    }

    @AfterAll
    void end() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void serve(@TempDir Path directory) {
        errors.clear();
        start(directory, AccessSettings.OPEN);
    }

    private Served start(Path directory, AccessSettings access) {
        Served made = new Served(directory, "", Duration.ofSeconds(15), access);
        for (int i = 0; i < 30; i++) {
            made.policies.with("album" + i + ".yaml", Policies.resource("album_" + i, "view"));
        }
        made.store.start();
        served = made;
        return made;
    }

    @AfterEach
    void close() {
        if (context != null) {
            context.close();
        }
        if (served != null) {
            served.close();
        }
    }

    private Served served() {
        return Objects.requireNonNull(served);
    }

    private Page open(String hash) {
        return open(hash, new Browser.NewContextOptions().setViewportSize(1280, 800));
    }

    private Page open(String hash, Browser.NewContextOptions options) {
        context = Objects.requireNonNull(browser).newContext(options.setReducedMotion(ReducedMotion.REDUCE));
        Page page = context.newPage();
        page.onPageError(errors::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("status of 401")) {
                errors.add(message.text());
            }
        });
        page.navigate(served().server.url() + "/" + hash);
        return page;
    }

    private void shoot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
        assertThat(errors).isEmpty();
    }

    private static Locator heading(Page page, String text) {
        return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(text))
                .first();
    }

    private void change(String action) {
        long before = served().store.current().version().number();
        served().policies.with("album7.yaml", Policies.resource("album_7", action));
        Await.until("it is served", () -> served().store.current().version().number() > before);
    }

    @Test
    void showsWhatIsServedFromWhere() {
        Page page = open("");
        assertThat(heading(page, "Serving 30 policies")).isVisible();
        assertThat(page.locator("#health")).hasText("healthy");
        assertThat(page.locator("#live")).hasClass("live on");
        assertThat(page.locator("#view table")).containsText("filesystem");
        shoot(page, "overview");
    }

    @Test
    void findsPoliciesAndShowsTheirSource() {
        Page page = open("#/policies");
        page.locator("#search").fill("album_7");
        assertThat(page.locator("tbody tr")).hasCount(1);
        page.locator("tbody tr").click();
        assertThat(page.locator("#drawer pre")).containsText("resource: album_7");
        shoot(page, "policy");
        page.keyboard().press("Escape");
        assertThat(page.locator("#drawer")).isHidden();
        page.locator("#search").fill("nothing like it");
        assertThat(page.locator("#view")).containsText("No policy matches");
    }

    @Test
    void showsChangesAsTheyCome() {
        Page page = open("#/changes");
        assertThat(page.locator("#live")).hasClass("live on");
        change("edit");
        assertThat(page.locator(".feed")).containsText("resource.album_7.vdefault");
        shoot(page, "change");
    }

    @Test
    void comparesVersionsAndGoesBack() {
        change("edit");
        Page page = open("#/versions");
        page.locator("tbody tr").first().click();
        assertThat(page.locator("#drawer pre")).containsText("+    - actions: [\"edit\"]");
        shoot(page, "version");
        page.keyboard().press("Escape");
        page.locator("tbody tr").nth(1).click();
        page.getByLabel("Reason").fill("it was a mistake");
        page.getByText("Roll back to version 1").click();
        assertThat(page.locator("#toast")).containsText("Version 1 is served again");
        assertThat(page.locator("tbody tr").first()).containsText("it was a mistake");
        page.navigate(served().server.url() + "/#/overview");
        assertThat(page.locator(".notice")).containsText("Rolled back");
        shoot(page, "rolled-back");
    }

    @Test
    void pointsToWhatMustBeMended() {
        Page page = open("#/findings");
        assertThat(page.locator("#view")).containsText("Nothing is held back");
        served().policies.with("album7.yaml", Policies.BROKEN);
        Await.until("it is found", () -> served().store.status().held().isPresent());
        assertThat(page.locator(".finding").first()).containsText("policies/album7.yaml:5:3");
        shoot(page, "findings");
    }

    @Test
    void asksForATokenAndKeepsOutWhoHasNone(@TempDir Path directory) {
        served().close();
        start(
                directory,
                new AccessSettings(
                        List.of(new AccessToken("ops", TOKEN, Set.of(Right.READ))),
                        Optional.empty(),
                        List.of(),
                        1_000));
        Page page = open("");
        Locator field = page.getByLabel("Access token");
        field.fill("wrong");
        field.press("Enter");
        assertThat(page.locator("#view")).containsText("The token was not accepted");
        shoot(page, "login");
        page.getByLabel("Access token").fill(TOKEN);
        page.getByLabel("Access token").press("Enter");
        assertThat(heading(page, "Serving 30 policies")).isVisible();
        page.navigate(served().server.url() + "/#/versions");
        assertThat(page.locator("tbody tr")).hasCount(1);
        assertThat(page.getByText("Pin this version")).hasCount(0);
    }

    @Test
    void isReadableInTheDark() {
        Page page = open(
                "", new Browser.NewContextOptions().setViewportSize(1280, 800).setColorScheme(ColorScheme.DARK));
        assertThat(heading(page, "Serving 30 policies")).isVisible();
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        shoot(page, "dark");
        page.locator("#theme").click();
        assertThat(page.locator("html")).hasAttribute("data-theme", "light");
    }

    @Test
    void fitsOnASmallScreen() {
        for (String hash : List.of("#/overview", "#/policies", "#/versions", "#/policies/resource.album_7.vdefault")) {
            Page page = open(hash, new Browser.NewContextOptions().setViewportSize(360, 740));
            assertThat(page.locator("h1").first()).isVisible();
            assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as(hash)
                    .isEqualTo(true);
            shoot(page, "small-" + hash.replaceAll("[^a-z]+", "-"));
            page.context().close();
        }
    }

    @Test
    void canBeUsedByKeyboardAlone() {
        Page page = open("");
        assertThat(heading(page, "Serving 30 policies")).isVisible();
        page.keyboard().press("4");
        assertThat(heading(page, "Versions")).isVisible();
        page.keyboard().press("/");
        assertThat(page.locator("#search")).isFocused();
        page.keyboard().type("album_12");
        assertThat(page.locator("tbody tr")).hasCount(1);
        page.locator("tbody tr").focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("#drawer pre")).containsText("album_12");
        assertThat(page.locator("#drawer button")).isFocused();
        page.keyboard().press("Escape");
        assertThat(page.locator("tbody tr")).isFocused();
    }
}

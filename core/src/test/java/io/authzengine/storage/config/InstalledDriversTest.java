package io.authzengine.storage.config;

import static io.authzengine.storage.config.ConfigTexts.parse;
import static io.authzengine.storage.config.ConfigTexts.problemsOf;
import static io.authzengine.storage.config.ConfigTexts.refusalLines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.DriverProviders;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledDriversTest {
    private final StorageContext context = StorageContext.create("test");
    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();

    @TempDir
    private Path directory;

    @AfterEach
    void restore() {
        Thread.currentThread().setContextClassLoader(loader);
        context.close();
    }

    /** Puts providers on the class path of this thread, as jars would. */
    private void install(Class<?>... providers) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.write(
                services.resolve(StorageDriverProvider.class.getName()),
                List.of(providers).stream().map(Class::getName).toList());
        Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[] {url(directory)}, loader));
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    private static FakeProvider shelf() {
        return new FakeProvider.Shelf();
    }

    @Nested
    class OnTheClassPath {
        @Test
        void are_found() throws IOException {
            install(FakeProvider.Shelf.class);

            assertThat(DriverProviders.installed().types()).contains("shelf");
            StorageDriver driver =
                    parse("storage: {type: shelf, id: hall, boards: [a]}").openDriver(context);
            assertThat(driver.id()).isEqualTo("hall");
            assertThat(driver.type()).isEqualTo("shelf");
        }

        @Test
        void do_not_share_a_type() throws IOException {
            install(FakeProvider.Shelf.class, FakeProvider.OtherShelf.class);
            StorageConfig config = parse("storage: {type: git}");

            assertThatIllegalStateException()
                    .isThrownBy(() -> config.openDriver(context))
                    .withMessage("two providers make drivers of type \"shelf\": " + FakeProvider.Shelf.class.getName()
                            + " and " + FakeProvider.OtherShelf.class.getName()
                            + "; keep one of them on the class path");
        }

        @Test
        void add_their_problems_to_those_of_the_file() throws IOException {
            install(FakeProvider.Shelf.class);

            assertThat(problemsOf(
                            "storage:\n  driver: shelf\n  maxVersions: 0\n  shelf:\n    bords: [a]\n    id: ${GONE}\n"))
                    .containsExactly(
                            "storage.yaml:3:16: storage.maxVersions: expected a whole number from 2 to 100000 such as 10, got \"0\"",
                            "storage.yaml:5:5: storage.shelf.bords: unknown key; did you mean \"boards\"?",
                            "storage.yaml:6:9: storage.shelf.id: the environment variable GONE is not set;"
                                    + " set it, or give a default as in ${GONE:-default}");
        }

        @Test
        void that_are_at_odds_do_not_hide_the_problems_of_the_file() throws IOException {
            install(FakeProvider.Shelf.class, FakeProvider.OtherShelf.class);

            assertThatThrownBy(() -> parse("storage: {type: shelf, maxVersions: 0}"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("maxVersions")
                    .satisfies(refusal -> assertThat(refusal.getSuppressed())
                            .singleElement()
                            .isInstanceOf(IllegalStateException.class));
        }
    }

    @Nested
    class OfAnUnknownType {
        @Test
        void are_told_with_the_artifact_if_it_is_one_of_ours() {
            StorageConfig config = parse("storage:\n  driver: git\n  git: {branch: main}\n");

            assertThat(refusalLines(() -> config.openDriver(DriverProviders.of(List.of(shelf())), context)))
                    .containsExactly("storage.yaml:2:11: storage.driver: no driver of this type is installed;"
                            + " installed types: shelf;"
                            + " add io.authzengine.storage:storage-driver-git to the class path, got \"git\"");
        }

        @Test
        void are_told_with_the_types_there_are() {
            StorageConfig config = parse("storage: {type: shlef, boards: [a]}");

            assertThat(refusalLines(() -> config.openDriver(DriverProviders.of(List.of(shelf())), context)))
                    .containsExactly("storage.yaml:1:17: storage.type: no driver of this type is installed;"
                            + " installed types: shelf;"
                            + " correct it, or add the library that provides it to the class path, got \"shlef\"");
            assertThat(refusalLines(() -> config.openDriver(DriverProviders.of(List.of()), context)))
                    .singleElement()
                    .asString()
                    .contains("no types are installed");
        }

        @Test
        void from_the_environment_are_not_shown() {
            StorageConfig config =
                    StorageConfig.parse("storage: {driver: \"${T}\"}", ConfigTexts.NAME, Map.of("T", "s3cr3t"));

            assertThat(refusalLines(() -> config.openDriver(DriverProviders.of(List.of(shelf())), context)))
                    .singleElement()
                    .asString()
                    .endsWith("got \"${T}\"")
                    .doesNotContain("s3cr3t");
        }
    }

    @Nested
    class WithProblems {
        @Test
        void tell_them_all() {
            StorageConfig config = parse("storage: {type: shelf, colour: red}");

            assertThat(refusalLines(() -> config.openDriver(DriverProviders.of(List.of(shelf())), context)))
                    .containsExactly(
                            "storage.yaml:1:10: storage.boards: is missing; expected a list of texts, as in [\"first\", \"second\"]",
                            "storage.yaml:1:24: storage.colour: unknown key; the keys here are boards, cacheDir, guard,"
                                    + " hardAge, historyDir, id, initMode, maxVersionAge, maxVersions, onHardAge, onInvalid,"
                                    + " softAge, type, webhooks");
        }

        @Test
        void are_refused_even_if_the_provider_does_not_look() {
            FakeProvider careless = new FakeProvider("careless", config -> config.flag("tidy", true));
            StorageConfig config = parse("storage: {type: careless, tdy: false}");

            assertThat(refusalLines(() -> config.openDriver(DriverProviders.of(List.of(careless)), context)))
                    .containsExactly("storage.yaml:1:27: storage.tdy: unknown key; did you mean \"tidy\"?");
            assertThat(careless.made).singleElement().matches(FakeDriver::isClosed);
        }
    }

    @Nested
    class OfDrivers {
        private final FakeProvider shelf = shelf();
        private final FakeProvider broken = new FakeProvider("broken", config -> {
            throw new IllegalArgumentException("broken by itself");
        });
        private final DriverProviders providers = DriverProviders.of(List.of(shelf, broken));

        private DriverConfig children(String list) {
            return parse("storage: {driver: stack, stack: {drivers: " + list + "}}")
                    .driver();
        }

        @Test
        void make_each_in_order() {
            DriverConfig config = children("[{type: shelf, id: a, boards: x}, {type: shelf, id: b, boards: y}]");

            assertThat(providers.createAll(config, "drivers", context))
                    .extracting(StorageDriver::id)
                    .containsExactly("a", "b");
            assertThat(shelf.made).noneMatch(FakeDriver::isClosed);
        }

        @Test
        void tell_the_problems_of_all_and_close_those_that_were_made() {
            DriverConfig config = children(
                    "[{type: shelf, boards: x}, {type: shelf}, {type: git, branch: b}, {boards: y}, {type: shelf, bords: z}]");

            assertThat(refusalLines(() -> providers.createAll(config, "drivers", context)))
                    .containsExactly(
                            "storage.yaml:1:70: storage.stack.drivers[1].boards: is missing; expected a list of texts, as in [\"first\", \"second\"]",
                            "storage.yaml:1:92: storage.stack.drivers[2].type: no driver of this type is installed;"
                                    + " installed types: broken, shelf;"
                                    + " add io.authzengine.storage:storage-driver-git to the class path, got \"git\"",
                            "storage.yaml:1:109: storage.stack.drivers[3].type: is missing; installed types: broken, shelf",
                            "storage.yaml:1:136: storage.stack.drivers[4].bords: unknown key; did you mean \"boards\"?");
            assertThat(shelf.made).singleElement().matches(FakeDriver::isClosed);
        }

        @Test
        void pass_on_what_a_provider_throws_by_itself() {
            DriverConfig config = children("[{type: shelf, boards: x}, {type: broken}]");

            assertThatThrownBy(() -> providers.createAll(config, "drivers", context))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("broken by itself");
            assertThat(shelf.made).singleElement().matches(FakeDriver::isClosed);
        }
    }
}

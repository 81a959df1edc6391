package io.authzengine.storage.server.http;

import io.authzengine.storage.policy.Sha256;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The page at {@code /}: one document that holds its own styles and scripts, so that it works where nothing else can be reached. The browser
 * is told to run these and nothing more.
 */
final class DashboardPage implements Handler {
    private static final String FOLDER = "/dashboard/";
    private static final List<String> SCRIPTS =
            List.of("1-dom.js", "2-api.js", "3-overview.js", "4-policies.js", "5-versions.js", "6-main.js");

    private final byte[] page;
    private final String policy;

    DashboardPage() {
        String styles = resource("styles.css");
        String scripts = SCRIPTS.stream().map(DashboardPage::resource).collect(Collectors.joining("\n"));
        page = resource("page.html")
                .replace("/*{styles}*/", styles)
                .replace("/*{scripts}*/", scripts)
                .getBytes(StandardCharsets.UTF_8);
        policy = "default-src 'none'; connect-src 'self'; img-src data:; style-src " + hash(styles) + "; script-src "
                + hash(scripts) + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static String resource(String name) {
        try (InputStream in = DashboardPage.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("policyd was built without " + FOLDER + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        byte[] digest = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    @Override
    public void handle(Context context) {
        context.header("Content-Security-Policy", policy)
                .contentType("text/html; charset=utf-8")
                .result(page);
    }
}

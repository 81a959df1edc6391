package io.authzengine.storage.driver.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.testkit.SimulatedContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSettingsTest {
    private static final String KEY = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";
    private final StorageContext context = SimulatedContext.of(Simulation.seeded(1));

    private PolicyStore open(String settings) {
        String yaml = "storage:\n  driver: http\n  http:\n" + settings.indent(4);
        return PolicyStore.builder(StorageConfig.parse(yaml, "test.yaml", Map.of("TOKEN", "sesame")))
                .context(context)
                .build();
    }

    @Test
    void allOfThemTogetherAreTaken() {
        try (PolicyStore store = open("""
                urls: [https://policies.example/a.tar.gz, https://policies.example/b.yaml]
                pollInterval: 10s
                timeout: 2s
                callTimeout: 20s
                retries: 1
                retryBase: 100ms
                retryCap: 1s
                auth:
                  bearer: ${TOKEN}
                tls:
                  ca: ca.pem
                  certificate: client.pem
                  key: client.key
                  pins: [sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=]
                http2: false
                proxy: proxy.example:3128
                proxyAuth:
                  username: me
                  password: ${TOKEN}
                allowPrivate: false
                redirects:
                  max: 2
                  hosts: [mirror.example]
                look: head
                hint: long-poll
                hintUrl: https://policies.example/wait
                signature:
                  stateDir: state
                  keys:
                    - id: k1
                      publicKey: %s
                maxBytes: 1000000
                softAge: 1m
                hardAge: 1h
                onHardAge: fail-closed
                """.formatted(KEY))) {
            assertThat(store.status().toString()).doesNotContain("sesame");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "urls: [ftp://x/y] | begins with neither http:// nor https://",
                "urls: [https://ann:pw@x/y] | put them under 'auth'",
                "urls: ['https://x/y?a=1', 'https://x/y?a=2'] | nothing but what may be secret",
                "urls: ['ht tp'] | is no URL",
                "{urls: [https://x/y], auth: {bearer: a, username: b, password: c}} | is to be one of three",
                "{urls: [https://x/y], auth: {username: b}} | is to be one of three",
                "{urls: [https://x/y], auth: {bearer: a, bearerFile: b}} | leave out one of them",
                "{urls: [https://x/y], auth: {header: Host, value: b}} | no name of a header that can be set",
                "{urls: [https://x/y], tls: {key: a}} | needs the other",
                "{urls: [https://x/y], tls: {pins: [abc]}} | is no pin",
                "{urls: [https://x/y], proxy: 'http://p:1'} | is no HOST:PORT",
                "{urls: [https://x/y], proxy: p} | is no HOST:PORT",
                "{urls: [https://x/y], proxyAuth: {username: u, password: '${TOKEN}'}} | goes with proxy",
                "{urls: [https://x/y], proxy: 'p:1', proxyAuth: {username: u}} | goes with password or passwordFile",
                "{urls: [https://x/y], hintUrl: x} | is no URL",
                "{urls: [https://x/y], timeout: 60s} | cannot be shorter than timeout",
                "{urls: [https://x/y], retryBase: 10s} | cannot be shorter than retryBase",
                "{urls: [https://x/y], signature: {stateDir: s, keys: [{id: a, publicKey: b}]}} | no Ed25519 public key",
                "{urls: [https://x/y], signature: {stateDir: s}} | without a key",
                "{urls: [https://x/y, https://x/z], signature: {stateDir: s, name: n, keys: [{id: a, publicKey: b}]}}"
                        + " | cannot be the name of several URLs",
                "{urls: [https://x/a/p, https://y/b/p], signature: {stateDir: s, keys: [{id: a, publicKey: b}]}}"
                        + " | two entries of the same name",
                "{urls: [https://x/], signature: {stateDir: s, keys: [{id: a, publicKey: b}]}} | has no last part",
                "{urls: [https://x/y], urlz: 1} | urls",
            })
    void whatIsWrongIsToldWithItsPlace(String settings, String message) {
        String block = settings.startsWith("{") ? settings.substring(1, settings.length() - 1) : settings;
        String yaml = "storage: {driver: http, http: {" + block + "}}\n";
        assertThatThrownBy(() -> PolicyStore.builder(StorageConfig.parse(yaml, "test.yaml", Map.of()))
                        .context(context)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("test.yaml:1:")
                .hasMessageContaining(message)
                .hasMessageNotContaining("pw@");
    }

    @Test
    void theIdIsOfTheUrlsWhateverTheirOrder() {
        URI a = URI.create("https://x/a");
        URI b = URI.create("https://x/b?secret=1");
        assertThat(HttpConfig.of(a, b).id()).isEqualTo(HttpConfig.of(b, a).id()).matches("http-[0-9a-f]{8}");
        assertThat(HttpConfig.of(a).id()).isNotEqualTo(HttpConfig.of(b).id());
        assertThat(HttpConfig.of(a).withId("mine").id()).isEqualTo("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "https:///x", "https://a:b@x/", "https://x/#a", "x"})
    void aUrlThatWillNotDoIsRefused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpConfig.of(URI.create(url)))
                .withMessageStartingWith("urls:");
    }

    @Test
    void noSecretIsShown() {
        HttpConfig config = HttpConfig.of(URI.create("https://x/y"))
                .withCredentials(Credentials.basic("ann", Credentials.Secret.of("sesame")));
        assertThat(config.toString()).doesNotContain("sesame").contains("basic");
    }

    @Test
    void everySettingIsExplainedHereAndOnThePage() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "drivers", "http.md"));
        String table = page.substring(page.indexOf("## Settings"), page.indexOf("## What is loaded"));
        Set<String> onPage = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| (`[^|]*`) \\|").matcher(table);
        while (row.find()) {
            Matcher key = Pattern.compile("`(\\w+)").matcher(row.group(1));
            while (key.find()) {
                onPage.add(key.group(1));
            }
        }
        assertThat(new HttpDriverProvider().settings().keySet()).containsExactlyInAnyOrderElementsOf(onPage);
    }
}

package io.authzengine.storage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.OnHardAge;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The keys of the staleness contract and of webhooks. */
class StoreConfigKeysTest {
    private static StoreSettings settings(String more) {
        return StorageConfig.parse(
                        "storage:\n  driver: fake\n" + more.indent(2), "storage.yaml", Map.of("HOOK", "hush"))
                .settings();
    }

    @Test
    void agesAndWhatHappensThenAreRead() {
        StoreSettings settings = settings("""
                softAge: 5m
                hardAge: 1h
                onHardAge: fail-closed
                """);

        assertThat(settings.staleness().softAge()).contains(Duration.ofMinutes(5));
        assertThat(settings.staleness().hardAge()).contains(Duration.ofHours(1));
        assertThat(settings.staleness().onHardAge()).isEqualTo(OnHardAge.FAIL_CLOSED);
    }

    @Test
    void byDefaultNoAgeIsTooOldAndNobodyIsCalled() {
        assertThat(settings("")).isEqualTo(StoreSettings.DEFAULT);
    }

    @Test
    void aHardAgeBeforeTheSoftOneIsRefused() {
        assertThatThrownBy(() -> settings("softAge: 1h\nhardAge: 5m\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("storage.hardAge")
                .hasMessageContaining("shorter");
    }

    @Test
    void failingClosedNeedsAnAge() {
        assertThatThrownBy(() -> settings("onHardAge: fail-closed\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("storage.onHardAge")
                .hasMessageContaining("needs hardAge");
    }

    @Test
    void webhooksAreReadWithTheirDefaults() {
        List<WebhookSettings> webhooks = settings("""
                webhooks:
                  - url: https://example.com/hook
                    secret: ${HOOK}
                    events: [policy.updated]
                    timeout: 3s
                """).webhooks();

        assertThat(webhooks)
                .containsExactly(WebhookSettings.of(URI.create("https://example.com/hook"), "hush")
                        .withEvents(List.of("policy.updated"))
                        .withTimeout(Duration.ofSeconds(3)));
    }

    @Test
    void whatIsWrongWithAWebhookIsToldAllAtOnceAndWithoutTheSecret() {
        assertThatThrownBy(() -> settings("""
                        webhooks:
                          - url: ftp://example.com/hook
                            secret: ${HOOK}
                            events: [policy.gone]
                            retryBase: 2m
                            retryCap: 1m
                          - url: https://example.com/hook
                            timeOut: 3s
                        """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("webhooks[0].url")
                .hasMessageContaining("webhooks[0].events")
                .hasMessageContaining("webhooks[0].retryCap")
                .hasMessageContaining("webhooks[1].secret")
                .hasMessageContaining("timeout")
                .hasMessageNotContaining("hush");
    }
}

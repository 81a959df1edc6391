package io.authzengine.storage.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
    private final BackOff backOff = new BackOff(SyncSettings.DEFAULT, SimulatedLoop.constant(0.5));

    private static StorageException asking(Duration pause) {
        return new ConnectionFailedException(Problem.in("test", "busy").retryAfter(pause));
    }

    @Test
    void aRetryWaitsAsLongAsTheBackendAsks() {
        assertThat(backOff.beforeRetry(1, asking(Duration.ofSeconds(3)))).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void butNeverLongerThanTheCap() {
        assertThat(backOff.beforeRetry(1, asking(Duration.ofHours(3)))).isEqualTo(Duration.ofSeconds(8));
        assertThat(backOff.suppression(1, asking(Duration.ofHours(3)), Duration.ZERO))
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void andNeverShorterThanItWouldAnyway() {
        assertThat(backOff.beforeRetry(1, asking(Duration.ZERO))).isEqualTo(Duration.ofMillis(250));
        assertThat(backOff.suppression(1, asking(Duration.ofMillis(1)), Duration.ZERO))
                .isEqualTo(Duration.ofSeconds(2));
    }
}

package io.authzengine.storage.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.parser.ParserLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static BackOff suppressing(Duration first, Duration most, double random) {
        Duration second = Duration.ofSeconds(1);
        SyncSettings settings = new SyncSettings(
                second,
                true,
                second,
                Duration.ZERO,
                second,
                0,
                second,
                second,
                first,
                most,
                0,
                1,
                ParserLimits.DEFAULT,
                io.authzengine.storage.driver.Staleness.NONE);
        return new BackOff(settings, SimulatedLoop.constant(random));
    }

    @Test
    void noSuppressionIsShorterThanAFifthOfASecond() {
        Duration millisecond = Duration.ofMillis(1);
        assertThat(suppressing(millisecond, millisecond, 0).suppression(1)).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void anyNumberOfFailuresStaysUnderTheMost() {
        BackOff backOff = suppressing(Duration.ofSeconds(2), Duration.ofSeconds(30), 0.5);
        for (int failures : new int[] {5, 31, 64, 1000, Integer.MAX_VALUE}) {
            assertThat(backOff.suppression(failures)).isEqualTo(Duration.ofSeconds(30));
        }
    }

    @Test
    void refusedCredentialsAreShownAgainNoMoreOftenThanLooksAreTaken() {
        BackOff backOff = suppressing(Duration.ofSeconds(2), Duration.ofSeconds(30), 0.5);
        StorageException refused = new AuthenticationFailedException(Problem.in("a", "no such password"));
        StorageException lost = new ConnectionFailedException(Problem.in("a", "no connection"));
        Duration interval = Duration.ofSeconds(100);
        assertThat(backOff.suppression(1, refused, interval)).isEqualTo(Duration.ofMillis(107_500));
        assertThat(backOff.suppression(1, lost, interval)).isEqualTo(Duration.ofSeconds(2));
        assertThat(backOff.suppression(9, refused, Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(30));
        assertThat(backOff.suppression(1, refused, Duration.ofHours(1))).isEqualTo(Duration.ofMillis(322_500));
    }

    @Test
    void aPollIsAdvancedByFifteenPercentAtMostAndNeverPutOff() {
        Duration interval = Duration.ofSeconds(100);
        for (double random : new double[] {0, 0.5, 0.999_999}) {
            Duration advance = suppressing(interval, interval, random).pollAdvance(interval);
            assertThat(advance).isBetween(Duration.ZERO, Duration.ofSeconds(15));
        }
    }
}

package io.authzengine.storage.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgesTest {
    @ParameterizedTest
    @CsvSource({
        "PT0.5S, 0 s",
        "PT10.002S, 10 s",
        "PT60S, 1 min",
        "PT3M27.8S, 3 min 27 s",
        "PT2H, 2 h",
        "PT2H5M9S, 2 h 5 min",
        "PT2H9S, 2 h",
        "PT76H, 3 d 4 h"
    })
    void areSaidInTheTwoLargestUnits(Duration age, String text) {
        assertThat(Ages.text(age)).isEqualTo(text);
    }
}

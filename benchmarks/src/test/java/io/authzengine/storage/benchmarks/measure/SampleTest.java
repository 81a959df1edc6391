package io.authzengine.storage.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void valuesComeInAnyOrder() {
        Sample sample = Sample.of(5, 1, 3);

        assertThat(sample.min()).isEqualTo(1);
        assertThat(sample.median()).isEqualTo(3);
        assertThat(sample.max()).isEqualTo(5);
        assertThat(sample.count()).isEqualTo(3);
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        assertThat(Sample.of(1, 2, 4, 9).median()).isEqualTo(3);
    }

    @Test
    void aPercentileIsTheSmallestThatSoManyDoNotExceed() {
        Sample hundred =
                Sample.of(DoubleStream.iterate(1, value -> value + 1).limit(100).toArray());

        assertThat(hundred.percentile(1)).isEqualTo(1);
        assertThat(hundred.percentile(50)).isEqualTo(50);
        assertThat(hundred.percentile(99)).isEqualTo(99);
        assertThat(hundred.percentile(100)).isEqualTo(100);
        assertThat(Sample.of(1, 2, 3).percentile(99)).isEqualTo(3);
        assertThat(Sample.of(1, 2, 3, 4).percentile(50)).isEqualTo(2);
    }

    @Test
    void noPercentileIsBeyondAHundred() {
        assertThatThrownBy(() -> Sample.of(1).percentile(101)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Sample.of(1).percentile(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingIsNoSample() {
        assertThatThrownBy(Sample::of).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ratiosAreTakenRunByRun() {
        Sample ratio = Sample.ratio(new long[] {10, 40}, new long[] {20, 10});

        assertThat(ratio.min()).isEqualTo(0.5);
        assertThat(ratio.max()).isEqualTo(4);
    }

    @Test
    void timesHaveUnits() {
        assertThat(Sample.millis(new long[] {2_500_000}).median()).isEqualTo(2.5);
        assertThat(Sample.seconds(new long[] {2_500_000_000L}).median()).isEqualTo(2.5);
    }
}

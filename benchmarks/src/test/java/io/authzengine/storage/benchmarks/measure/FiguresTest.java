package io.authzengine.storage.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void numbersHaveFourDigitsThatCount() {
        assertThat(Figures.number(1234.56)).isEqualTo("1235");
        assertThat(Figures.number(12.3456)).isEqualTo("12.35");
        assertThat(Figures.number(1.23456)).isEqualTo("1.235");
        assertThat(Figures.number(0.123456)).isEqualTo("0.1235");
        assertThat(Figures.number(-12.3456)).isEqualTo("-12.35");
    }

    @Test
    void whatIsWholeHasNoFraction() {
        assertThat(Figures.number(0)).isEqualTo("0");
        assertThat(Figures.number(10)).isEqualTo("10");
        assertThat(Figures.number(100_000)).isEqualTo("100000");
    }

    @Test
    void whatIsVerySmallIsNotTakenForNothing() {
        assertThat(Figures.number(0.000123)).isEqualTo("0.000123");
    }
}

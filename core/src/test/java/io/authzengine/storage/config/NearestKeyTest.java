package io.authzengine.storage.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestKeyTest {
    private static final List<String> KEYS = List.of("paths", "watch", "watchDebounce", "recursive", "id", "exclude");

    @ParameterizedTest
    @CsvSource({
        "path,paths",
        "wacth,watch",
        "Watch,watch",
        "watchdebounce,watchDebounce",
        "watch_debounce,watchDebounce",
        "watchDebouce,watchDebounce",
        "recurse,recursive",
        "ids,id",
        "excludes,exclude",
    })
    void guesses_what_was_meant(String written, String meant) {
        assertThat(NearestKey.to(written, KEYS)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"url", "directory", "w", "''"})
    void does_not_guess_wildly(String written) {
        assertThat(NearestKey.to(written, KEYS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'','',0", "a,'',1", "'',abc,3", "kitten,sitting,3", "ab,ba,1", "same,same,0"})
    void counts_single_slips(String from, String to, int slips) {
        assertThat(NearestKey.distance(from, to)).isEqualTo(slips);
        assertThat(NearestKey.distance(to, from)).isEqualTo(slips);
    }

    @Test
    void has_nothing_to_offer_without_keys() {
        assertThat(NearestKey.to("path", List.of())).isEmpty();
    }
}

package io.authzengine.storage.driver;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * One block of the configuration, read by what its values are meant to be. A value that is missing or of another type is noted
 * and a stand-in returned, so that {@link #verify} can tell all that is wrong at once; call it before the values are used.
 */
public interface DriverConfig {
    /** Returns where the block stands, such as {@code storage.filesystem}. */
    String path();

    /** Returns the {@code id} the user gave this instance; empty if none. */
    Optional<String> id();

    /** Returns a text that must be there. */
    String text(String key);

    /** Returns a text, or {@code fallback} if the key is absent. */
    String text(String key, String fallback);

    /** Returns a text that may be absent. */
    Optional<String> optionalText(String key);

    /** Returns a list of texts that must be there; a single text stands for a list of one. */
    List<String> texts(String key);

    /** Returns a list of texts, or {@code fallback} if the key is absent. */
    List<String> texts(String key, List<String> fallback);

    /** Returns {@code true} or {@code false}, or {@code fallback} if the key is absent. */
    boolean flag(String key, boolean fallback);

    /** Returns a whole number between {@code min} and {@code max}, or {@code fallback} if the key is absent. */
    long number(String key, long fallback, long min, long max);

    /**
     * Returns a time span longer than nothing, or {@code fallback} if the key is absent. Written {@code 250ms}, {@code 30s}, {@code
     * 5m}, {@code 1h}, or as a bare number of {@code bareUnit}.
     */
    Duration duration(String key, Duration fallback, ChronoUnit bareUnit);

    /** Returns one of {@code choices} by its name in lower case with dashes, or {@code fallback} if the key is absent. */
    <E extends Enum<E>> E choice(String key, Class<E> choices, E fallback);

    /** Returns a block within this one, if the key is there. Verifying this block verifies that one. */
    Optional<DriverConfig> section(String key);

    /** Returns the blocks of a list within this one; empty if the key is absent. Verifying this block verifies those. */
    List<DriverConfig> sections(String key);

    /** Notes that the value of {@code key} will not do. */
    void reject(String key, String problem);

    /**
     * Checks that all that was asked for was there and that nothing was left unread.
     *
     * @throws IllegalArgumentException naming each problem with its place, the nearest valid key and an example
     */
    void verify();
}

package io.authzengine.storage.driver;

import java.nio.file.Path;
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

    /** Returns a text that must be there and not be empty. */
    String text(String key);

    /** Returns a text, or {@code fallback} if the key is absent. */
    String text(String key, String fallback);

    /** Returns a text that may be absent. */
    Optional<String> optionalText(String key);

    /**
     * Returns a credential, if it is there. Its value is never shown; one that is written out in the file instead of being taken
     * from {@code ${ENV}} or {@code ${file:…}} is warned of in the log.
     */
    Optional<String> secret(String key);

    /** Returns a list of at least one text, none of them empty; a single text stands for a list of one. */
    List<String> texts(String key);

    /** Returns a list of texts, or {@code fallback} if the key is absent. */
    List<String> texts(String key, List<String> fallback);

    /** Returns {@code true} or {@code false}, or {@code fallback} if the key is absent. */
    boolean flag(String key, boolean fallback);

    /** Returns a whole number between {@code min} and {@code max}, or {@code fallback} if the key is absent. */
    long number(String key, long fallback, long min, long max);

    /**
     * Returns a time span longer than nothing, or {@code fallback} if the key is absent. Written {@code 250ms}, {@code 30s}, {@code
     * 5m}, {@code 1h}, {@code 1d}, or as a bare number of {@code bareUnit}.
     */
    Duration duration(String key, Duration fallback, ChronoUnit bareUnit);

    /** Returns a time span longer than nothing that may be absent; written as in {@link #duration}. */
    Optional<Duration> optionalDuration(String key, ChronoUnit bareUnit);

    /** Returns one of {@code choices} by its name in lower case with dashes, or {@code fallback} if the key is absent. */
    <E extends Enum<E>> E choice(String key, Class<E> choices, E fallback);

    /** Returns whether {@code key} holds a block, for settings that may be written as a text or as a block. */
    boolean isSection(String key);

    /** Returns a block within this one, if the key is there. Verifying this block verifies that one. */
    Optional<DriverConfig> section(String key);

    /** Returns the blocks of a list within this one; empty if the key is absent. Verifying this block verifies those. */
    List<DriverConfig> sections(String key);

    /**
     * Returns the path that a configured text means: relative ones start at the directory of the configuration file, or at the
     * working directory if the configuration came as text.
     *
     * @throws java.nio.file.InvalidPathException if {@code path} is none
     */
    Path resolve(String path);

    /**
     * Notes that the value of {@code key} will not do. It is told with the value as the file has it, so {@code problem} need not
     * repeat the value, and must not: it may be a secret. Ignored if the key has a problem already.
     */
    void reject(String key, String problem);

    /**
     * Checks that all that was asked for was there and that nothing was left unread.
     *
     * @throws IllegalArgumentException naming each problem with its place, the nearest valid key and an example
     */
    void verify();
}

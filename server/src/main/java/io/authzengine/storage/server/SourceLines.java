package io.authzengine.storage.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the line a finding is about, where its location is a file. What cannot be read, is no text or is too large is not shown: the
 * finding says enough without it.
 */
final class SourceLines {
    private static final long MAX_FILE_BYTES = 16L << 20;

    private final Function<String, Path> resolve;

    /** @param resolve from a location to the file it may be */
    SourceLines(Function<String, Path> resolve) {
        this.resolve = resolve;
    }

    /** Returns line {@code number}, from 1, of {@code location}. */
    Optional<String> line(String location, int number) {
        try {
            Path file = resolve.apply(location);
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_FILE_BYTES) {
                return Optional.empty();
            }
            try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                return lines.lines().skip(number - 1L).findFirst();
            }
        } catch (InvalidPathException | CharacterCodingException | java.io.UncheckedIOException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}

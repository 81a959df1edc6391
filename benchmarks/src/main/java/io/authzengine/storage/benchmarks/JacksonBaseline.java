package io.authzengine.storage.benchmarks;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What others are measured against: reads each file below a directory and parses it with Jackson into a tree, on all cores, and does nothing
 * else. Whole process, so that the start of the JVM counts for both.
 */
public final class JacksonBaseline {
    private JacksonBaseline() {}

    /** Runs with the directory as the only argument; prints one line. */
    public static void main(String[] args) throws IOException {
        YAMLMapper mapper = new YAMLMapper();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(Path.of(args[0]))) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        long nodes = files.parallelStream()
                .mapToLong(file -> {
                    try {
                        return mapper.readTree(Files.readAllBytes(file)).size();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .sum();
        Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "%d files, %d keys at their roots: parsed after %.2f s%n",
                files.size(),
                nodes,
                Duration.between(started, Instant.now()).toMillis() / 1000.0);
    }
}

package io.authzengine.storage.benchmarks.process;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;

/**
 * What others are compared with: does one thing with each file below a directory, on all cores, and nothing else: {@code read} it, read and
 * {@code hash} it with SHA-256, or read and {@code parse} it with Jackson into a tree.
 */
public final class Baseline {
    private Baseline() {}

    /** Runs with what to do and the directory as arguments; prints how many files there were and a number that all of them went into. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[1]);
        List<Path> files = files(directory);
        long sum = switch (args[0]) {
            case "read" -> read(files);
            case "hash" -> hash(files);
            case "parse" -> parse(files, new YAMLMapper().reader());
            default -> throw new IllegalArgumentException("read, hash or parse, not " + args[0]);
        };
        System.out.println(files.size() + " files, " + sum);
    }

    /** Returns all files below {@code directory}. */
    public static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    /** Returns how many bytes there are. */
    public static long read(List<Path> files) {
        return files.parallelStream().mapToLong(file -> bytes(file).length).sum();
    }

    /** Returns the sum of the first bytes of the hashes. */
    public static long hash(List<Path> files) {
        return files.parallelStream()
                .mapToLong(file -> sha256().digest(bytes(file))[0])
                .sum();
    }

    /** Returns how many keys there are at the roots. */
    public static long parse(List<Path> files, ObjectReader reader) {
        return files.parallelStream()
                .mapToLong(file -> {
                    try {
                        return reader.readTree(bytes(file)).size();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .sum();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its own: this program runs without the library. */
    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}

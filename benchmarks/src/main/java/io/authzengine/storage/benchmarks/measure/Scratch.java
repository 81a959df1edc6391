package io.authzengine.storage.benchmarks.measure;

import io.authzengine.storage.benchmarks.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory of one benchmark, below the temporary one, that goes with it. */
public final class Scratch implements AutoCloseable {
    private final Path directory;

    private Scratch(Path directory) {
        this.directory = directory;
    }

    /** Makes an empty one. */
    public static Scratch create() throws IOException {
        return new Scratch(Files.createTempDirectory("authz-storage-benchmark"));
    }

    /** Returns the directory. */
    public Path directory() {
        return directory;
    }

    /** Returns the path of something in it. */
    public Path resolve(String name) {
        return directory.resolve(name);
    }

    /**
     * Puts policies into a directory of it that may be changed.
     *
     * @param policies how many are to be generated, or a directory to copy
     * @return where they are
     */
    public Path policies(String policies) throws IOException {
        Path target = resolve("policies");
        if (policies.matches("\\d+")) {
            Corpus.write(target, Integer.parseInt(policies), Corpus.SEED);
            return target;
        }
        Path from = Path.of(policies);
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : walk.toList()) {
                Files.copy(path, target.resolve(from.relativize(path).toString()));
            }
        }
        return target;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}

package io.authzengine.storage.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A directory with a configuration and policies, for tests. */
public final class Policies {
    /** What a document needs to have to be refused: a field that does not exist, on line 5, column 3. */
    public static final String BROKEN = """
            apiVersion: api.cerbos.dev/v1
            resourcePolicy:
              resource: album
              version: default
              colour: blue
            """;

    private final Path directory;

    public Policies(Path directory) {
        this.directory = directory;
        write("storage.yaml", config(""));
    }

    /** Returns a configuration of these policies with further lines of the block {@code storage}. */
    public static String config(String more) {
        return "storage:\n  driver: filesystem\n  filesystem:\n    paths: [policies]\n    watchQuietPeriod: 20ms\n"
                + more;
    }

    /** Returns a resource policy without imports. */
    public static String resource(String name, String action) {
        return """
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: %s
                  version: default
                  rules:
                    - actions: ["%s"]
                      effect: EFFECT_ALLOW
                      roles: [user]
                """.formatted(name, action);
    }

    /** Writes a policy by renaming, so that no half of it is ever seen. */
    public Policies with(String file, String text) {
        write("policies/" + file, text);
        return this;
    }

    public Policies without(String file) {
        try {
            Files.delete(directory.resolve("policies").resolve(file));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path write(String name, String text) {
        Path file = directory.resolve(name);
        try {
            Files.createDirectories(file.resolveSibling(""));
            Path fresh = Files.createTempFile(directory, "fresh", ".part");
            Files.writeString(fresh, text);
            return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path config() {
        return directory.resolve("storage.yaml");
    }

    public Path path() {
        return directory.resolve("policies");
    }
}

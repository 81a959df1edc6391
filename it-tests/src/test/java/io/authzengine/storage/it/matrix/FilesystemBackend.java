package io.authzengine.storage.it.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A directory that is a link to the newest of many, as a cluster mounts its configuration, so that each change is one. */
final class FilesystemBackend implements BackendUnderTest {
    private final Path directory;
    private final Path root;
    private int changes;
    private boolean replaced;

    private FilesystemBackend(Path directory) {
        this.directory = directory;
        this.root = directory.resolve("policies");
    }

    static FilesystemBackend start(Path directory) {
        return new FilesystemBackend(directory);
    }

    @Override
    public String settings() {
        return """
                type: filesystem
                id: files
                paths: ["%s"]
                rescanInterval: 1s
                """.formatted(root);
    }

    @Override
    public void publish(Map<String, String> documents) throws IOException {
        Path next = Files.createDirectories(directory.resolve("at-" + ++changes));
        for (Map.Entry<String, String> document : documents.entrySet()) {
            Files.writeString(next.resolve(document.getKey()), document.getValue());
        }
        if (replaced) {
            Files.move(root, directory.resolve("old-" + changes));
            Files.move(next, root);
        } else {
            Path link = Files.createSymbolicLink(directory.resolve("link-" + changes), next);
            Files.move(link, root, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public Optional<Wire> wire() {
        return Optional.empty();
    }

    @Override
    public void harm(Harm harm) throws IOException {
        if (harm == Harm.REPLACED) {
            replaced = true;
        } else {
            Files.move(root, directory.resolve("gone"));
        }
    }

    @Override
    public void heal(Harm harm) throws IOException {
        if (harm == Harm.REPLACED) {
            replaced = false;
            Files.move(root, directory.resolve("old-at-last-" + changes));
        } else {
            Files.move(directory.resolve("gone"), root);
        }
    }

    @Override
    public List<String> secrets() {
        return List.of();
    }

    @Override
    public void close() {}
}

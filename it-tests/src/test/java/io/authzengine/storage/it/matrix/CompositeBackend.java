package io.authzengine.storage.it.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files over a bundle behind a URL. It is the bundle that is harmed. */
final class CompositeBackend implements BackendUnderTest {
    private final HttpBackend harmed;
    private final FilesystemBackend files;

    private CompositeBackend(Path directory) throws IOException {
        harmed = HttpBackend.start(directory);
        files = FilesystemBackend.start(Files.createDirectories(directory.resolve("files")));
    }

    static CompositeBackend start(Path directory) throws IOException {
        return new CompositeBackend(directory);
    }

    @Override
    public String settings() {
        return "type: composite\nid: both\ndrivers:\n" + item(files) + item(harmed);
    }

    private static String item(BackendUnderTest backend) {
        return "  - " + backend.settings().indent(4).strip() + "\n";
    }

    @Override
    public void publish(Map<String, String> documents) {
        harmed.publish(documents);
    }

    @Override
    public Optional<Wire> wire() {
        return harmed.wire();
    }

    @Override
    public void harm(Harm harm) {
        harmed.harm(harm);
    }

    @Override
    public void heal(Harm harm) throws IOException {
        harmed.heal(harm);
    }

    @Override
    public List<String> secrets() {
        return harmed.secrets();
    }

    @Override
    public Optional<BackendUnderTest> sibling() {
        return Optional.of(files);
    }

    @Override
    public void close() {
        harmed.close();
        files.close();
    }
}

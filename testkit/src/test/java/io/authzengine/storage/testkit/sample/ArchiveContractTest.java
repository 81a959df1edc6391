package io.authzengine.storage.testkit.sample;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.testkit.StorageDriverContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;

class ArchiveContractTest extends StorageDriverContract {
    private final SortedMap<String, byte[]> documents = new TreeMap<>();

    @TempDir
    Path directory;

    @Override
    protected StorageDriver open(StorageContext context) throws IOException {
        publish();
        return new ArchiveDriverProvider().create("archive-1", archive(), Duration.ofMillis(100), context);
    }

    private Path archive() {
        return directory.resolve("policies.tar.gz");
    }

    private void publish() throws IOException {
        Path next = Files.write(directory.resolve("next"), Bundle.write(documents));
        Files.move(next, archive(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    protected void put(Map<String, String> put) throws IOException {
        put.forEach((name, text) -> documents.put(name, text.getBytes(StandardCharsets.UTF_8)));
        publish();
    }

    @Override
    protected void remove(Set<String> names) throws IOException {
        documents.keySet().removeAll(names);
        publish();
    }

    @Override
    protected void breakDown() throws IOException {
        Files.move(archive(), directory.resolve("unmounted"));
    }

    @Override
    protected void heal() throws IOException {
        if (Files.exists(directory.resolve("unmounted"))) {
            Files.move(directory.resolve("unmounted"), archive(), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}

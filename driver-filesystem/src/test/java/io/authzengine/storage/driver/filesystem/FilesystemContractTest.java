package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.testkit.StorageDriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

class FilesystemContractTest extends StorageDriverContract {
    @TempDir
    Path directory;

    @Override
    protected StorageDriver open(StorageContext context) throws IOException {
        Files.createDirectory(directory.resolve("aside"));
        Path root = Files.createDirectory(directory.resolve("policies"));
        return new FilesystemDriverProvider().create(FilesystemConfig.of(root), context);
    }

    @Override
    protected void put(Map<String, String> documents) {
        Tree tree = new Tree(directory);
        documents.forEach((name, content) -> tree.write("aside/" + name, content));
        documents.keySet().forEach(name -> tree.move("aside/" + name, "policies/" + name));
    }

    @Override
    protected void remove(Set<String> names) {
        names.forEach(new Tree(directory.resolve("policies"))::delete);
    }

    @Override
    protected void breakDown() {
        new Tree(directory).move("policies", "unmounted");
    }

    @Override
    protected void heal() {
        if (Files.exists(directory.resolve("unmounted"))) {
            new Tree(directory).move("unmounted", "policies");
        }
    }
}

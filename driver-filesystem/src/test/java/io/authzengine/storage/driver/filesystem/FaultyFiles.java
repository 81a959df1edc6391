package io.authzengine.storage.driver.filesystem;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The system's files, but with the failures a test asks for; tests may run as root, whom no permission stops. */
final class FaultyFiles implements FileAccess {
    /** Makes a watch service or fails to. */
    interface Watches {
        WatchService open(Path root) throws IOException;
    }

    final Map<Path, IOException> unstampable = new ConcurrentHashMap<>();
    final Map<Path, IOException> unlistable = new ConcurrentHashMap<>();
    final Map<Path, IOException> unreadable = new ConcurrentHashMap<>();
    Consumer<Path> beforeListing = path -> {};
    Consumer<FoundFile> beforeReading = file -> {};
    Consumer<FoundFile> afterReading = file -> {};

    @Nullable
    Watches watches;

    @Nullable
    String type;

    @Nullable
    IOException typeFailure;

    final Set<Path> unwatchable = ConcurrentHashMap.newKeySet();

    int open;

    private final SystemFiles system = new SystemFiles();

    private static void check(Map<Path, IOException> faults, Path path) throws IOException {
        IOException fault = faults.get(path);
        if (fault != null) {
            throw fault;
        }
    }

    @Override
    public FileStamp stamp(Path path) throws IOException {
        check(unstampable, path);
        return system.stamp(path);
    }

    @Override
    public List<Path> names(Path directory) throws IOException {
        check(unlistable, directory);
        beforeListing.accept(directory);
        return system.names(directory);
    }

    @Override
    public Path linkTarget(Path link) throws IOException {
        return system.linkTarget(link);
    }

    @Override
    public Reader reader() {
        Reader reader = system.reader();
        open++;
        return new Reader() {
            @Override
            public Optional<byte[]> read(FoundFile file, int limit) throws IOException {
                check(unreadable, file.real());
                beforeReading.accept(file);
                Optional<byte[]> bytes = reader.read(file, limit);
                afterReading.accept(file);
                return bytes;
            }

            @Override
            public void close() throws IOException {
                open--;
                reader.close();
            }
        };
    }

    @Override
    public String fileSystemType(Path path) throws IOException {
        if (typeFailure != null) {
            throw typeFailure;
        }
        return type == null ? system.fileSystemType(path) : type;
    }

    @Override
    public WatchService watchService(Path root) throws IOException {
        return watches == null ? system.watchService(root) : watches.open(root);
    }

    @Override
    public WatchKey watch(Path directory, WatchService service) throws IOException {
        if (unwatchable.contains(directory)) {
            throw new IOException("User limit of inotify watches reached");
        }
        return service instanceof ScriptedWatch scripted
                ? scripted.silent(directory)
                : system.watch(directory, service);
    }
}

package io.authzengine.storage.driver.filesystem;

import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.Watchable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A watch that tells what the test wants it to tell, whatever happens to the directories. */
final class ScriptedWatch implements WatchService {
    private final LinkedBlockingQueue<Key> keys = new LinkedBlockingQueue<>();
    private final Map<Path, Key> silent = new ConcurrentHashMap<>();
    volatile boolean interrupts;
    volatile boolean closed;

    void signal(WatchEvent.Kind<?> kind) {
        keys.add(new Key(List.of(new Event<>(kind, 1, null))));
    }

    /** Returns the key of {@code directory}, which never has anything to tell. */
    WatchKey silent(Path directory) {
        return silent.computeIfAbsent(directory, path -> new Key(List.of()));
    }

    @Override
    public @Nullable WatchKey poll() {
        return keys.poll();
    }

    @Override
    public @Nullable WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
        return keys.poll(timeout, unit);
    }

    @Override
    public WatchKey take() throws InterruptedException {
        if (interrupts) {
            throw new InterruptedException();
        }
        while (!closed) {
            WatchKey key = poll(5, TimeUnit.MILLISECONDS);
            if (key != null) {
                return key;
            }
        }
        throw new ClosedWatchServiceException();
    }

    @Override
    public void close() {
        closed = true;
    }

    private static final class Key implements WatchKey {
        private final List<WatchEvent<?>> events;

        Key(List<WatchEvent<?>> events) {
            this.events = events;
        }

        @Override
        public boolean isValid() {
            return true;
        }

        @Override
        public List<WatchEvent<?>> pollEvents() {
            return events;
        }

        @Override
        public boolean reset() {
            return true;
        }

        @Override
        public void cancel() {}

        @Override
        public Watchable watchable() {
            return Path.of("");
        }
    }

    private record Event<T>(
            WatchEvent.Kind<T> kind, int count, @Nullable T context) implements WatchEvent<T> {}
}

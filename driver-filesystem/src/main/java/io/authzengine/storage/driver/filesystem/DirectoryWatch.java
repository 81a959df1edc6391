package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.error.WatchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * Turns the events of directories into {@link DirtyPaths}, on a thread of its own. Thread-safe.
 *
 * <p>An event names a directory and a name in it, and that is all that is taken from it: what it says of kind and order is not to be
 * relied on.
 */
final class DirectoryWatch implements AutoCloseable {
    /** Told what the watch has to say; returns at once. */
    interface Owner {
        /** Something was heard of. */
        void heard();

        /** The watch has ended by itself. */
        void ended(WatchException reason);

        /** The system does not allow as many watches as there are directories; the watch has ended. */
        void limited(String reason);
    }

    private final WatchService service;
    private final DirtyPaths dirty;
    private final Owner owner;
    private final FilesystemErrors errors;
    private final WatchedDirectories directories;
    private volatile boolean closed;

    DirectoryWatch(FileAccess files, WatchService service, DirtyPaths dirty, Owner owner, FilesystemErrors errors) {
        this.service = service;
        this.dirty = dirty;
        this.owner = owner;
        this.errors = errors;
        this.directories = new WatchedDirectories(files, service, this::limited);
    }

    void start() {
        Thread thread = new Thread(this::run, errors.driverId() + "-watch");
        thread.setDaemon(true);
        thread.start();
    }

    WatchedDirectories directories() {
        return directories;
    }

    private void run() {
        String reason = "its thread died";
        try {
            while (!closed) {
                take(service.take());
            }
        } catch (ClosedWatchServiceException e) {
            reason = "it was closed by somebody else";
        } catch (InterruptedException e) {
            reason = "its thread was interrupted";
        } finally {
            if (!closed) {
                close();
                owner.ended(errors.watchEnded(reason));
            }
        }
    }

    private void take(WatchKey key) {
        boolean matters = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
                dirty.everything();
                matters = true;
            } else {
                matters |= directories.heard(key, (Path) event.context(), dirty);
            }
        }
        if (!key.reset()) {
            directories.ended(key, dirty);
            matters = true;
        }
        if (matters) {
            owner.heard();
        }
    }

    private void limited(IOException cause) {
        int count = directories.count();
        close();
        owner.limited(WatchLimits.reached(count, cause));
    }

    /** Ends the watch and its thread. */
    @Override
    public void close() {
        closed = true;
        try {
            service.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

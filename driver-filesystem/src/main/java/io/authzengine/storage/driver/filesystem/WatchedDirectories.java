package io.authzengine.storage.driver.filesystem;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The directories that are watched, and which names in each of them matter. Thread-safe. */
final class WatchedDirectories implements Coverage {
    /** One directory. Guarded by the set it is in. */
    private static final class Watched {
        private final WatchKey key;
        private final Set<Path> names = new HashSet<>();
        private Object identity = FileStamp.NO_IDENTITY;
        private boolean wholly;
        private int scan;

        Watched(WatchKey key) {
            this.key = key;
        }

        boolean isSurelyFor(Object directory) {
            return wholly && key.isValid() && !identity.equals(FileStamp.NO_IDENTITY) && identity.equals(directory);
        }
    }

    private final FileAccess files;
    private final WatchService service;
    private final Consumer<IOException> refused;
    private final Map<Path, Watched> watched = new HashMap<>();
    // A key stands for several paths when a directory was moved and is found again elsewhere.
    private final Map<WatchKey, Set<Path>> pathsOf = new HashMap<>();
    private int scan;
    private boolean limited;

    /** @param refused told once if the system does not allow a watch although the directory is there; returns at once */
    WatchedDirectories(FileAccess files, WatchService service, Consumer<IOException> refused) {
        this.files = files;
        this.service = service;
        this.refused = refused;
    }

    synchronized int count() {
        return watched.size();
    }

    /** A scan of everything begins. */
    synchronized void begin() {
        scan++;
    }

    /** The scan is over; what it did not come across needs no watch any more. */
    synchronized void end() {
        List<Path> stale = watched.entrySet().stream()
                .filter(entry -> entry.getValue().scan != scan)
                .map(Map.Entry::getKey)
                .toList();
        stale.forEach(this::drop);
    }

    @Override
    public synchronized void tree(Path directory, Object identity) {
        Watched known = watched.get(directory);
        Watched now = known != null && known.isSurelyFor(identity) ? known : register(directory);
        if (now != null) {
            now.identity = identity;
            now.wholly = true;
            now.scan = scan;
        }
    }

    @Override
    public synchronized boolean steps(Set<Path> steps) {
        boolean added = false;
        for (Path step : steps) {
            Path directory = step.getParent();
            added |= directory != null && addName(directory, step.getFileName());
        }
        return added;
    }

    private boolean addName(Path directory, Path name) {
        Watched before = watched.get(directory);
        Watched now = register(directory);
        return now != null && (now.names.add(name) || !now.equals(before));
    }

    private @Nullable Watched register(Path directory) {
        WatchKey key;
        try {
            key = files.watch(directory, service);
        } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
            return null; // The scan is about to meet the same, and tells of it.
        } catch (ClosedWatchServiceException e) {
            return null; // The watch has just ended, and whoever ended it has told.
        } catch (IOException e) {
            if (!limited) {
                limited = true;
                refused.accept(e);
            }
            return null;
        }
        Watched now = watched.get(directory);
        if (now == null || !now.key.equals(key)) {
            drop(directory);
            now = new Watched(key);
            watched.put(directory, now);
            pathsOf.computeIfAbsent(key, k -> new HashSet<>()).add(directory);
        }
        now.scan = scan;
        return now;
    }

    private void drop(Path directory) {
        Watched dropped = watched.remove(directory);
        if (dropped == null) {
            return;
        }
        Set<Path> paths = pathsOf.getOrDefault(dropped.key, new HashSet<>());
        paths.remove(directory);
        if (paths.isEmpty()) {
            pathsOf.remove(dropped.key);
            dropped.key.cancel();
        }
    }

    /** Notes that {@code name} has changed in the directory of {@code key}; returns whether that matters. */
    synchronized boolean heard(WatchKey key, Path name, DirtyPaths dirty) {
        boolean matters = false;
        for (Path directory : pathsOf.getOrDefault(key, Set.of())) {
            Watched place = watched.get(directory);
            if (place == null) {
                continue;
            }
            if (place.names.contains(name)) {
                dirty.everything();
                matters = true;
            } else if (place.wholly) {
                dirty.add(directory.resolve(name));
                matters = true;
            }
        }
        return matters;
    }

    /** Notes that the directory of {@code key} is there no more. */
    synchronized void ended(WatchKey key, DirtyPaths dirty) {
        for (Path directory : pathsOf.getOrDefault(key, Set.of()).toArray(Path[]::new)) {
            drop(directory);
            dirty.ended(directory);
        }
    }
}

package io.authzengine.storage.driver.filesystem;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** What the watch has heard of since it was last asked. Thread-safe. */
final class DirtyPaths {
    /** Past this many single paths, looking at everything is no dearer. */
    private static final int MAX_PATHS = 10_000;

    /**
     * What was heard of.
     *
     * @param everything whether anything may have changed
     * @param paths what has changed otherwise, a directory before what is in it
     * @param lastHeard ticks at the moment the last of it was heard of; 0 if nothing was
     */
    record Dirt(boolean everything, Set<Path> paths, long lastHeard) {}

    private final LongSupplier ticker;
    private Set<Path> paths = new HashSet<>();
    private boolean everything;
    private long lastHeard;

    DirtyPaths(LongSupplier ticker) {
        this.ticker = ticker;
    }

    synchronized void add(Path path) {
        if (!everything && (paths.size() < MAX_PATHS || paths.contains(path))) {
            paths.add(path);
            lastHeard = ticker.getAsLong();
        } else {
            everything();
        }
    }

    synchronized void everything() {
        everything = true;
        paths = new HashSet<>();
        lastHeard = ticker.getAsLong();
    }

    /** Returns whether there is something that nobody has taken yet. */
    synchronized boolean isWaiting() {
        return everything || !paths.isEmpty();
    }

    /** Returns what was heard of and forgets it. */
    synchronized Dirt take() {
        Dirt dirt = new Dirt(everything, new TreeSet<>(paths), lastHeard);
        paths = new HashSet<>();
        everything = false;
        return dirt;
    }
}

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
     * @param ended directories that were watched and are no more, even if there is one of the same name again, and the same inode
     * @param lastHeard ticks at the moment the last of it was heard of; 0 if nothing was
     */
    record Dirt(boolean everything, Set<Path> paths, Set<Path> ended, long lastHeard) {}

    private final LongSupplier ticker;
    private Set<Path> paths = new HashSet<>();
    private Set<Path> ended = new HashSet<>();
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

    /** Notes that the directory at {@code path} has been deleted. */
    synchronized void ended(Path path) {
        ended.add(path);
        add(path);
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

    /** Returns what was heard of. */
    synchronized Dirt peek() {
        return new Dirt(everything, new TreeSet<>(paths), Set.copyOf(ended), lastHeard);
    }

    /** Returns what was heard of and forgets it. */
    synchronized Dirt take() {
        Dirt dirt = peek();
        paths = new HashSet<>();
        ended = new HashSet<>();
        everything = false;
        return dirt;
    }
}

package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.error.WatchException;
import io.authzengine.storage.source.PolicySource.HintListener;
import io.authzengine.storage.source.SourceContext;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is heard of changes, who is told, and whether it can be relied on. Thread-safe. */
final class Hints implements DirectoryWatch.Owner, AutoCloseable {
    private final FilesystemConfig config;
    private final FileAccess files;
    private final SourceContext context;
    private final FilesystemErrors errors;
    private final DirtyPaths dirty;

    // All four are written under the lock, and read by the threads of watch and scheduler without it.
    private volatile @Nullable HintListener listener;
    private volatile @Nullable DirectoryWatch watch;
    private volatile boolean hearsAll;
    private volatile boolean closed;

    Hints(FilesystemConfig config, FileAccess files, SourceContext context, FilesystemErrors errors) {
        this.config = config;
        this.files = files;
        this.context = context;
        this.errors = errors;
        this.dirty = new DirtyPaths(context.context().ticker());
    }

    /**
     * Begins to tell {@code listener}; ends the watch there was before. The next look must be one at everything.
     *
     * @throws WatchException if the system has no watch to give just now
     */
    synchronized void listen(HintListener newListener) {
        endWatch();
        if (closed) {
            return;
        }
        listener = newListener;
        if (config.watch()) {
            PolicyRoot first = config.roots().get(0);
            try {
                begin(files.watchService(first.path()), newListener);
            } catch (UnsupportedOperationException e) {
                newListener.pollingOnly(WatchLimits.unsupported(first));
            } catch (IOException e) {
                throw errors.watchRefused(WatchLimits.reached(0, e), e);
            }
        }
    }

    private void begin(WatchService service, HintListener newListener) {
        Optional<String> remote = findRemote();
        DirectoryWatch started = new DirectoryWatch(files, service, dirty, this, errors);
        hearsAll = remote.isEmpty();
        watch = started;
        dirty.everything();
        started.start();
        remote.ifPresent(newListener::pollingOnly);
        soon(() -> {
            if (dirty.isWaiting()) { // Otherwise a look has begun since, and what came after it is heard of.
                heard();
            }
        });
    }

    private Optional<String> findRemote() {
        return config.roots().stream()
                .filter(root -> WatchLimits.isRemote(typeOf(root)))
                .findFirst()
                .map(root -> WatchLimits.remote(root, typeOf(root)));
    }

    private String typeOf(PolicyRoot root) {
        try {
            return files.fileSystemType(root.path());
        } catch (IOException e) {
            return ""; // Not to be reached any more; each look tells of that.
        }
    }

    /** Returns where a scan of everything that begins now says where it looks. */
    Coverage begin() {
        DirectoryWatch current = watch;
        if (current == null) {
            return Coverage.NONE;
        }
        current.directories().begin();
        return current.directories();
    }

    /** The scan of everything is over. */
    void end() {
        DirectoryWatch current = watch;
        if (current != null) {
            current.directories().end();
        }
    }

    /** Returns where a scan of a part says where it looks. */
    Coverage coverage() {
        DirectoryWatch current = watch;
        return current == null ? Coverage.NONE : current.directories();
    }

    /** Returns whether nothing can change without being heard of. */
    boolean hearsAll() {
        return hearsAll;
    }

    /** Returns what was heard of, and forgets it. */
    DirtyPaths.Dirt take() {
        return dirty.take();
    }

    /** Returns what was heard of, for the next look to hear of too. */
    DirtyPaths.Dirt peek() {
        return dirty.peek();
    }

    /** Has {@code paths} looked at again when they may have settled. */
    void lookAgain(Set<Path> paths) {
        if (paths.isEmpty()) {
            return;
        }
        soon(() -> {
            paths.forEach(dirty::add);
            heard();
        });
    }

    private void soon(Runnable action) {
        context.context().scheduler().schedule(action, config.watchQuietPeriod().toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void heard() {
        HintListener told = listener;
        if (told != null) {
            told.lookNow();
        }
    }

    @Override
    public void ended(WatchException reason) {
        hearsAll = false;
        HintListener told = listener;
        if (told != null) {
            told.lost(reason);
        }
    }

    @Override
    public void limited(String reason) {
        hearsAll = false;
        HintListener told = listener;
        if (told != null) {
            told.pollingOnly(reason);
        }
    }

    private void endWatch() {
        DirectoryWatch ending = watch;
        hearsAll = false;
        watch = null;
        if (ending != null) {
            ending.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        listener = null;
        endWatch();
    }
}

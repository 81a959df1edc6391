package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Makes manifests. One thread at a time.
 *
 * <p>A look is at everything, unless the watch asked for it: that is so if single paths were heard of, the last of them a quiet period
 * ago, which is when the loop acts on a hint. Whoever asks on their own, or by the clock, is answered from the directories themselves.
 */
final class Looks {
    private final FilesystemConfig config;
    private final FileAccess files;
    private final SourceContext context;
    private final FilesystemErrors errors;
    private final Hints hints;
    private final String instance;

    private final ReplacedRoots replaced;
    private Listing known = new Listing();
    private Revision revision = Revision.NONE;
    private long look;
    private long lookedAtAll;
    // False while a look is under way, and so from the first look that fails to the next one at everything.
    private boolean sure;

    Looks(FilesystemConfig config, FileAccess files, SourceContext context, FilesystemErrors errors, Hints hints) {
        this.config = config;
        this.files = files;
        this.context = context;
        this.errors = errors;
        this.hints = hints;
        this.replaced = new ReplacedRoots(config, errors);
        this.instance = Long.toHexString(context.context().random().nextLong());
    }

    /** @throws StorageException if a root is missing or cannot be reached */
    void checkRoots() {
        new TreeScan(setting(Coverage.NONE), known).check(config.roots());
    }

    /** Returns what the listing of the last look says of {@code entry}, if it still is what the listing says. */
    Optional<FoundFile> find(SourceEntry entry) {
        return Optional.ofNullable(known.files.get(entry.location()))
                .filter(file -> file.entry().token().equals(entry.token()));
    }

    /** @throws StorageException if there is no complete answer; the next look is then at everything */
    Optional<Manifest> look(Revision last) {
        look++;
        DirtyPaths.Dirt dirt = hints.take();
        known.forget(dirt.ended());
        boolean following = !last.isNone() && last.equals(revision);
        boolean partly = following && sure && wasAskedForBy(dirt);
        sure = false;
        Optional<Manifest> manifest = partly ? partly(dirt.paths()) : everything(following);
        sure = true;
        return manifest;
    }

    private boolean wasAskedForBy(DirtyPaths.Dirt dirt) {
        long now = now();
        return hints.hearsAll()
                && !dirt.everything()
                && !dirt.paths().isEmpty()
                && known.refused.isEmpty()
                && now - dirt.lastHeard() >= config.watchQuietPeriod().toNanos()
                && now - lookedAtAll < config.rescanInterval().toNanos();
    }

    private Optional<Manifest> partly(Set<Path> dirty) {
        Optional<PartialScan> complete = scanAtRest(dirty);
        if (complete.isEmpty()) {
            return everything(true);
        }
        PartialScan scan = complete.get();
        settle(scan.changed());
        scan.changed().values().removeIf(file -> file.equals(known.files.get(file.location())));
        Revision base = revision;
        scan.apply();
        if (scan.changed().isEmpty() && scan.gone().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Manifest.delta(base, next(), entries(scan.changed().values()), scan.gone()));
    }

    private Optional<Manifest> everything(boolean following) {
        TreeScan.Setting setting = setting(hints.begin());
        Listing found = scanAtRest(setting);
        replaced.check(known, found, now());
        settle(found.files);
        hints.end();
        lookedAtAll = now();
        boolean unchanged = following && found.files.equals(known.files) && found.refused.equals(known.refused);
        known = found;
        if (unchanged) {
            return Optional.empty();
        }
        List<Manifest.Refused> refused = found.refused.entrySet().stream()
                .map(place -> new Manifest.Refused(place.getKey(), place.getValue()))
                .toList();
        return Optional.of(
                Manifest.complete(next(), entries(found.files.values())).refusing(refused));
    }

    /**
     * Scans until two scans agree if there are new directories: what happened there before they were watched brought no event, so the
     * quiet before this look says nothing of them. Ends with {@code watchDebounce}; {@link #settle} takes care of what still moves.
     */
    private Listing scanAtRest(TreeScan.Setting setting) {
        long begun = now();
        Listing found = scan(setting);
        boolean atRest = !found.hasNewDirectories;
        while (!atRest && mayWait(begun)) {
            pause(config.watchQuietPeriod());
            Listing again = scan(setting);
            atRest = again.seen().equals(found.seen());
            found = again;
        }
        return found;
    }

    /** Does the same for what is at {@code dirty}, and what is heard of meanwhile; empty if only a look at everything will do. */
    private Optional<PartialScan> scanAtRest(Set<Path> dirty) {
        long begun = now();
        Set<Path> heard = new TreeSet<>(dirty);
        PartialScan scan = new PartialScan(setting(hints.coverage()), known);
        boolean complete = scan.look(heard);
        boolean atRest = !scan.metNewDirectories();
        while (complete && !atRest && mayWait(begun)) {
            pause(config.watchQuietPeriod());
            DirtyPaths.Dirt more = hints.peek();
            heard.addAll(more.paths());
            PartialScan again = new PartialScan(setting(hints.coverage()), known);
            complete = !more.everything() && again.look(heard);
            atRest = again.seen().equals(scan.seen());
            scan = again;
        }
        return complete ? Optional.of(scan) : Optional.empty();
    }

    private boolean mayWait(long begun) {
        return now() - begun < config.watchDebounce().toNanos();
    }

    private long now() {
        return context.context().ticker().getAsLong();
    }

    /**
     * Scans, and scans again if anything known is not found: a directory that is renamed during a scan may be met under neither
     * name. Only what both scans lack is gone.
     */
    private Listing scan(TreeScan.Setting setting) {
        Listing found = new TreeScan(setting, known).everything(config.roots());
        Set<String> lacking = lacking(found);
        if (lacking.isEmpty()) {
            return found;
        }
        Listing again = new TreeScan(setting, known).everything(config.roots());
        Set<Path> doubtful = new HashSet<>();
        for (String location : lacking(again)) {
            FoundFile before = known.files.get(location);
            if (before != null && !lacking.contains(location)) {
                again.files.put(location, before);
                doubtful.add(before.real());
            }
        }
        hints.lookAgain(doubtful);
        return again;
    }

    private Set<String> lacking(Listing found) {
        Set<String> lacking = new TreeSet<>(known.files.keySet());
        lacking.removeAll(found.files.keySet());
        return lacking;
    }

    /**
     * Gives files that were written to just now one quiet period to come to rest. One that does not stays what it was before, and is
     * not there yet if it is new.
     */
    private void settle(Map<String, FoundFile> found) {
        List<FoundFile> moving =
                found.values().stream().filter(FoundFile::moving).toList();
        if (moving.isEmpty()) {
            return;
        }
        pause(config.watchQuietPeriod());
        Sight sight = sight();
        Set<Path> restless = new HashSet<>();
        for (FoundFile file : moving) {
            FoundFile before = known.files.get(file.location());
            if (isStill(file)) {
                found.put(file.location(), sight.settled(file));
            } else if (before == null) {
                found.remove(file.location());
                restless.add(file.real());
            } else {
                found.put(file.location(), before);
                restless.add(file.real());
            }
        }
        hints.lookAgain(restless);
    }

    private void pause(Duration time) {
        try {
            context.context().waiting().await(new CompletableFuture<>(), time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw errors.interrupted();
        }
    }

    private boolean isStill(FoundFile file) {
        try {
            return files.stamp(file.real()).equals(file.stamp());
        } catch (IOException e) {
            return false; // The next look finds out what became of it.
        }
    }

    private static List<SourceEntry> entries(Collection<FoundFile> found) {
        return found.stream().map(FoundFile::entry).toList();
    }

    private Revision next() {
        revision = new Revision(instance + "-" + look);
        return revision;
    }

    private TreeScan.Setting setting(Coverage coverage) {
        return new TreeScan.Setting(files, config.names(), config.recursive(), coverage, sight(), errors);
    }

    private Sight sight() {
        return new Sight(context.context().clock(), config.watchQuietPeriod(), look);
    }
}

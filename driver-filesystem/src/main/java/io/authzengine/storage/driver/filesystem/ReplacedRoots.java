package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.error.StorageException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds back listings of root directories that were replaced and lack documents: somebody may be about to fill them. One thread at a
 * time.
 *
 * <p>A link that leads elsewhere is not held back, as that is how a whole set is exchanged at once.
 */
final class ReplacedRoots {
    /**
     * What is waiting to be taken.
     *
     * @param identities which directories there are now
     * @param locations the documents below them
     * @param since ticks at the first scan that found just that
     */
    private record Held(Map<PolicyRoot, Object> identities, Set<String> locations, long since) {
        boolean isSameAs(Held other) {
            return identities.equals(other.identities) && locations.equals(other.locations);
        }
    }

    private final FilesystemConfig config;
    private final FilesystemErrors errors;
    private @Nullable Held held;

    ReplacedRoots(FilesystemConfig config, FilesystemErrors errors) {
        this.config = config;
        this.errors = errors;
    }

    /**
     * Returns if {@code found} may be taken in after {@code known}.
     *
     * @throws StorageException if a root was replaced and lacks documents, and has not been like that for long
     */
    void check(Listing known, Listing found, long ticks) {
        Held next = new Held(new HashMap<>(), new HashSet<>(), ticks);
        StorageException reason = null;
        for (PolicyRoot root : config.roots()) {
            Set<String> before = known.filesBelow(root.shown()).keySet();
            Set<String> lacking = new TreeSet<>(before);
            lacking.removeAll(found.files.keySet());
            Listing.Top now = found.tops.get(root);
            if (now != null && !lacking.isEmpty() && wasReplaced(root, known, now)) {
                next.identities().put(root, now.stamp().identity());
                next.locations().addAll(found.filesBelow(root.shown()).keySet());
                if (reason == null) {
                    reason = errors.replaced(root, lacking.size(), before.size(), config.rescanInterval());
                }
            }
        }
        Held earlier = held;
        held = null;
        if (reason == null) {
            return;
        }
        Held waiting = earlier != null && earlier.isSameAs(next) ? earlier : next;
        if (ticks - waiting.since() < config.rescanInterval().toNanos()) {
            held = waiting;
            throw reason;
        }
    }

    private static boolean wasReplaced(PolicyRoot root, Listing known, Listing.Top now) {
        Listing.Top before = known.tops.get(root);
        return before != null
                && before.real().equals(now.real())
                && before.stamp().kind() == FileStamp.Kind.DIRECTORY
                && now.stamp().kind() == FileStamp.Kind.DIRECTORY
                // A new directory may be given the inode of the one that was deleted.
                && (known.lost.contains(root)
                        || !before.stamp().identity().equals(now.stamp().identity()));
    }
}

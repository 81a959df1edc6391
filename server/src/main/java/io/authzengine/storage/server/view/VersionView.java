package io.authzengine.storage.server.view;

import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set that was served.
 *
 * @param number its number
 * @param digest SHA-256 over its sorted {@code id:hash} lines
 * @param createdAt when it was first served
 * @param cause why it was made, in a word
 * @param comment what was said about it
 * @param author who made it; empty if the sources did
 * @param policies how many policies it holds
 * @param quarantined how many ids it blocks
 * @param revisions the revision of each backend it was made from, by driver id
 * @param rolledBackTo the version it returns to; null if it is no rollback
 * @param sameAs an earlier version with the same content; null if there was none
 * @param before the version that was served before it; null if that is forgotten
 * @param changes what it changed from there; null if that is forgotten
 */
public record VersionView(
        long number,
        String digest,
        Instant createdAt,
        String cause,
        String comment,
        String author,
        int policies,
        int quarantined,
        Map<String, String> revisions,
        @Nullable Long rolledBackTo,
        @Nullable Long sameAs,
        @Nullable Long before,
        @Nullable Counts changes) {
    /** How many policies were added, modified and deleted. */
    public record Counts(long added, long modified, long deleted) {
        /** Returns how many there are of each in {@code changes}. */
        public static Counts of(PolicyChangeSet changes) {
            return new Counts(
                    changes.count(PolicyChangeEvent.Type.ADDED),
                    changes.count(PolicyChangeEvent.Type.MODIFIED),
                    changes.count(PolicyChangeEvent.Type.DELETED));
        }
    }

    /** Returns the view of {@code snapshot}, which came after {@code before}; the first of all came after nothing. */
    public static VersionView of(PolicySnapshot snapshot, Optional<PolicySnapshot> before) {
        PolicyVersion version = snapshot.version();
        Optional<PolicySet> base = before.map(PolicySnapshot::policies)
                .or(() -> Optional.of(PolicySet.EMPTY).filter(none -> version.number() == 1));
        return new VersionView(
                version.number(),
                snapshot.digest(),
                version.createdAt(),
                version.cause(),
                version.comment(),
                version.author(),
                snapshot.size(),
                snapshot.quarantined().size(),
                new TreeMap<>(version.revisions()),
                boxed(version.rolledBackTo()),
                boxed(version.sameAs()),
                before.map(earlier -> earlier.version().number()).orElse(null),
                base.map(set -> counts(set, snapshot)).orElse(null));
    }

    private static Counts counts(PolicySet base, PolicySnapshot snapshot) {
        return Counts.of(PolicyChangeSet.between(
                base,
                snapshot.policies(),
                "store",
                snapshot.version().number(),
                snapshot.version().cause(),
                snapshot.version().createdAt()));
    }

    private static @Nullable Long boxed(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }
}

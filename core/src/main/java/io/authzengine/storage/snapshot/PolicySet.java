package io.authzengine.storage.snapshot;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of policies, at most one per id. A changed copy shares all that did not change, so that a long history of
 * small changes costs little more than one set. Finding is a hash look-up without allocation; safe for any number of readers.
 *
 * <p>A table of small buckets in two levels: a change copies the upper level, and the rows and buckets it touches, about one KiB
 * of references. Persistent trees were rejected, as their look-up costs several times that of a {@code HashMap} and every
 * decision of an engine pays it.
 */
public final class PolicySet {
    /** The set that holds nothing. */
    public static final PolicySet EMPTY = new PolicySet(new Bucket[][] {{Bucket.EMPTY}}, 0);

    private static final int TARGET_BUCKET_SIZE = 4;
    private static final int ROW_BITS = 6;
    private static final int ROW_LENGTH = 1 << ROW_BITS;
    private static final Comparator<Policy> BY_ID = Comparator.comparing(Policy::id);

    private final Bucket[][] rows; // All of the same length, and as many buckets as a power of two.
    private final int mask;
    private final int size;
    // Both are computed on demand by any reader; computing them twice gives the same.
    private volatile @Nullable List<Policy> sorted;
    private volatile @Nullable String digest;

    private PolicySet(Bucket[][] rows, int size) {
        this.rows = rows;
        this.mask = rows.length * rows[0].length - 1;
        this.size = size;
    }

    /**
     * Returns the set of {@code policies}.
     *
     * @throws IllegalArgumentException if two have the same id
     */
    public static PolicySet of(Collection<Policy> policies) {
        Policy[] all = policies.toArray(new Policy[0]);
        return all.length == 0 ? EMPTY : new PolicySet(rowsOf(all, bucketsFor(all.length)), all.length);
    }

    private static int bucketsFor(int policies) {
        return Integer.highestOneBit(Math.max(1, policies / TARGET_BUCKET_SIZE) * 2 - 1);
    }

    /** Makes all buckets at once, each of the size it needs. */
    private static Bucket[][] rowsOf(Policy[] policies, int buckets) {
        int[] left = new int[buckets];
        for (Policy policy : policies) {
            left[spread(policy.id()) & (buckets - 1)]++;
        }
        Bucket[][] rows = new Bucket[Math.max(1, buckets >>> ROW_BITS)][Math.min(buckets, ROW_LENGTH)];
        for (int slot = 0; slot < buckets; slot++) {
            rows[slot >>> ROW_BITS][slot & (ROW_LENGTH - 1)] = Bucket.ofSize(left[slot]);
        }
        for (Policy policy : policies) {
            int hash = spread(policy.id());
            int slot = hash & (buckets - 1);
            rows[slot >>> ROW_BITS][slot & (ROW_LENGTH - 1)].fill(--left[slot], policy, hash);
        }
        return rows;
    }

    /** Returns the policy called {@code id}, if there is one. */
    public Optional<Policy> find(PolicyId id) {
        return Optional.ofNullable(findOrNull(id));
    }

    private @Nullable Policy findOrNull(PolicyId id) {
        int hash = spread(id);
        int slot = hash & mask;
        Bucket bucket = rows[slot >>> ROW_BITS][slot & (ROW_LENGTH - 1)];
        int at = bucket.indexOf(id, hash);
        return at < 0 ? null : bucket.policies[at];
    }

    /** Returns whether a policy is called {@code id}. */
    public boolean contains(PolicyId id) {
        return findOrNull(id) != null;
    }

    /** Returns how many policies it holds. */
    public int size() {
        return size;
    }

    /** Returns whether it holds none. */
    public boolean isEmpty() {
        return size == 0;
    }

    /**
     * Returns this set with {@code changes} made: put where a policy is given, removed where it is empty.
     *
     * @param changes by id
     * @throws IllegalArgumentException if a policy is given under an id that is not its own
     */
    public PolicySet with(Map<PolicyId, Optional<Policy>> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        changes.forEach(PolicySet::requireOwnId);
        if (isEmpty()) {
            return of(changes.values().stream().flatMap(Optional::stream).toList());
        }
        Table next = tableFor(size + changes.size());
        int count = size;
        for (Map.Entry<PolicyId, Optional<Policy>> change : changes.entrySet()) {
            PolicyId id = change.getKey();
            int hash = spread(id);
            Bucket bucket = next.bucket(hash);
            int at = bucket.indexOf(id, hash);
            if (change.getValue().isPresent()) {
                next.put(hash, bucket.with(change.getValue().get(), hash));
                count += at < 0 ? 1 : 0;
            } else if (at >= 0) {
                next.put(hash, bucket.without(at));
                count--;
            }
        }
        return new PolicySet(next.rows, count);
    }

    private static void requireOwnId(PolicyId id, Optional<Policy> given) {
        if (given.isPresent() && !given.get().id().equals(id)) {
            throw new IllegalArgumentException(given.get().id() + " was given as " + id);
        }
    }

    private Table tableFor(int expected) {
        int wanted = bucketsFor(expected);
        return new Table(
                wanted <= (mask + 1) * 2 ? rows.clone() : rowsOf(stream().toArray(Policy[]::new), wanted));
    }

    /** The rows of a set that is being made; a row is copied when it is first written to. */
    private static final class Table {
        final Bucket[][] rows;
        private final boolean[] own;
        private final int mask;

        Table(Bucket[][] rows) {
            this.rows = rows;
            this.own = new boolean[rows.length];
            this.mask = rows.length * rows[0].length - 1;
        }

        Bucket bucket(int hash) {
            int slot = hash & mask;
            return rows[slot >>> ROW_BITS][slot & (ROW_LENGTH - 1)];
        }

        void put(int hash, Bucket bucket) {
            int slot = hash & mask;
            int row = slot >>> ROW_BITS;
            if (!own[row]) {
                rows[row] = rows[row].clone();
                own[row] = true;
            }
            rows[row][slot & (ROW_LENGTH - 1)] = bucket;
        }
    }

    private Stream<Bucket> buckets() {
        return Arrays.stream(rows).flatMap(Arrays::stream);
    }

    private static int spread(PolicyId id) {
        int hash = id.value().hashCode();
        return hash ^ (hash >>> 16);
    }

    /** Returns the policies in no order; cheap. */
    public Stream<Policy> stream() {
        return buckets().flatMap(bucket -> Arrays.stream(bucket.policies));
    }

    /** Returns the policies ordered by id. The first call sorts; later ones return the same list. */
    public List<Policy> sorted() {
        List<Policy> known = sorted;
        if (known == null) {
            known = stream().sorted(BY_ID).toList();
            sorted = known;
        }
        return known;
    }

    /**
     * Returns SHA-256, in hexadecimal, over the lines {@code id:hash\n} ordered by id, so that {@code sort | sha256sum} over such
     * lines gives the same. The first call computes it, which takes some 50 ms for 50,000 policies, and keeps nothing but the digest.
     */
    public String digest() {
        String known = digest;
        if (known == null) {
            known = computeDigest();
            digest = known;
        }
        return known;
    }

    private String computeDigest() {
        MessageDigest sha256 = Sha256.begin();
        List<Policy> known =
                sorted; // Not made here: a long history whose digests are asked for would hold a list each.
        Stream<Policy> ordered = known == null ? stream().sorted(BY_ID) : known.stream();
        for (Policy policy : (Iterable<Policy>) ordered::iterator) {
            String line = policy.id() + ":" + policy.metadata().contentHash() + "\n";
            sha256.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    /**
     * Returns the ids under which the two hold policies that are not the {@linkplain Policy#sameAs same}, or only one holds any. Costs next to nothing where one set was made
     * from the other by few changes, as whole buckets are then the same; otherwise it looks at every policy of both.
     */
    public Set<PolicyId> differences(PolicySet other) {
        List<PolicyId> ids = new ArrayList<>();
        if (mask == other.mask) {
            for (int row = 0; row < rows.length; row++) {
                if (rows[row] != other.rows[row]) {
                    collectDifferences(rows[row], other.rows[row], other, ids);
                }
            }
        } else {
            buckets().forEach(bucket -> collectDifferent(bucket, other, ids));
            other.buckets().forEach(bucket -> collectAbsent(bucket, this, ids));
        }
        return Set.of(ids.toArray(new PolicyId[0]));
    }

    private void collectDifferences(Bucket[] row, Bucket[] otherRow, PolicySet other, List<PolicyId> into) {
        for (int slot = 0; slot < row.length; slot++) {
            if (!row[slot].equals(otherRow[slot])) {
                collectDifferent(row[slot], other, into);
                collectAbsent(otherRow[slot], this, into);
            }
        }
    }

    private static void collectDifferent(Bucket bucket, PolicySet from, List<PolicyId> into) {
        for (Policy policy : bucket.policies) {
            Policy other = from.findOrNull(policy.id());
            if (other == null || !other.sameAs(policy)) {
                into.add(policy.id());
            }
        }
    }

    private static void collectAbsent(Bucket bucket, PolicySet from, List<PolicyId> into) {
        for (Policy policy : bucket.policies) {
            if (!from.contains(policy.id())) {
                into.add(policy.id());
            }
        }
    }

    /** Returns whether both hold the {@linkplain Policy#sameAs same} policies. */
    public boolean sameAs(PolicySet other) {
        return this == other || (size == other.size && differences(other).isEmpty());
    }

    /**
     * Returns whether both hold policies of the same ids with the same text, wherever these come from: whether their digests are equal,
     * without computing them.
     */
    public boolean sameContentAs(PolicySet other) {
        return this == other
                || (size == other.size
                        && differences(other).stream().allMatch(id -> sameText(findOrNull(id), other.findOrNull(id))));
    }

    private static boolean sameText(@Nullable Policy one, @Nullable Policy other) {
        return one != null
                && other != null
                && one.metadata().contentHash().equals(other.metadata().contentHash());
    }

    /** Returns what must be changed in this set to make it hold what {@code next} holds. */
    public Map<PolicyId, Optional<Policy>> changesTo(PolicySet next) {
        return differences(next).stream().collect(Collectors.toUnmodifiableMap(Function.identity(), next::find));
    }

    @Override
    public String toString() {
        return size + " policies";
    }
}

package io.authzengine.storage.internal.disk;

import io.authzengine.storage.driver.DocumentCache.Document;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of an archive as one: which policies stand in them, at which places, and the set that came last. A policy is written once
 * for each text at each location, however many sets hold it.
 */
final class Chain {
    /** What makes two policies one on the disk. */
    private record Content(PolicyId id, String hash, String location) {
        static Content of(Policy policy) {
            return new Content(
                    policy.id(),
                    policy.metadata().contentHash(),
                    policy.metadata().source());
        }
    }

    private final Map<Content, Integer> places = new HashMap<>();
    private List<Policy> unplaced;
    private PolicySet last;
    private String hash;
    private int size;

    private Chain(List<Policy> policies, PolicySet last, String hash) {
        this.unplaced = policies;
        this.last = last;
        this.hash = hash;
        this.size = policies.size();
    }

    /** Returns the chain of no files. */
    static Chain empty() {
        return new Chain(List.of(), PolicySet.EMPTY, "");
    }

    /** A segment that is to be written next, and what the chain is once it is. */
    final class Next {
        private final Map<Content, Integer> added = new LinkedHashMap<>();
        private final List<Policy> policies = new ArrayList<>();
        private PolicySet set = last;
        final Segment segment;

        private Next(String storeId, String parser, Kept kept, Map<Documents.Key, Optional<Documents.Read>> documents) {
            List<Segment.VersionRecord> records = new ArrayList<>();
            for (PolicySnapshot version : kept.versions()) {
                records.add(record(version));
            }
            Map<Documents.Key, Optional<Segment.DocumentRecord>> read = new HashMap<>();
            documents.forEach((key, document) -> read.put(key, document.map(this::record)));
            Segment.Head head = new Segment.Head(storeId, parser, hash.isEmpty(), hash, size, read.size());
            segment = new Segment(head, policies, records, kept.decisions(), () -> read);
        }

        private Segment.VersionRecord record(PolicySnapshot version) {
            List<Integer> put = new ArrayList<>();
            Set<PolicyId> removed = new TreeSet<>();
            for (PolicyId id : set.differences(version.policies())) {
                version.find(id).ifPresentOrElse(policy -> put.add(place(policy)), () -> removed.add(id));
            }
            set = version.policies();
            return new Segment.VersionRecord(
                    version.version(), put, removed, version.quarantined(), Segment.markOf(set), version.leftOut());
        }

        private Segment.DocumentRecord record(Documents.Read read) {
            return new Segment.DocumentRecord(
                    read.reading(),
                    read.document().token(),
                    read.document().policies().stream().map(this::place).toList(),
                    read.document().warnings());
        }

        private int place(Policy policy) {
            Content content = Content.of(policy);
            Integer known = places.get(content);
            if (known == null) {
                known = added.get(content);
            }
            if (known == null) {
                known = size + policies.size();
                added.put(content, known);
                policies.add(policy);
            }
            return known;
        }

        /** The segment is written under the name {@code newHash}: the chain goes on from it. */
        void written(String newHash) {
            places.putAll(added);
            size += policies.size();
            last = set;
            hash = newHash;
        }
    }

    Next next(String storeId, String parser, Kept kept, Map<Documents.Key, Optional<Documents.Read>> documents) {
        place();
        return new Next(storeId, parser, kept, documents);
    }

    /** Notes where what was read stands: not before it is needed, so that a start need not wait for it. */
    private void place() {
        for (int place = 0; place < unplaced.size(); place++) {
            places.put(Content.of(unplaced.get(place)), place);
        }
        unplaced = List.of();
    }

    /** Puts a chain together from its segments, first to last. */
    static final class Reading {
        private final List<Policy> policies = new ArrayList<>();
        private final List<PolicySnapshot> versions = new ArrayList<>();
        private final List<Segment> segments = new ArrayList<>();
        private PolicySet last = PolicySet.EMPTY;
        private String hash = "";
        private Decisions decisions = Decisions.NONE;
        private long mark = Segment.markOf(PolicySet.EMPTY);

        /**
         * Adds the next segment.
         *
         * @throws DamagedException if it does not come after those before it
         */
        void add(String name, Segment segment, String itsHash) throws DamagedException {
            boolean follows = segment.head().previous().equals(hash)
                    && segment.head().firstPlace() == policies.size()
                    && segment.head().full() == hash.isEmpty();
            if (!follows) {
                throw new DamagedException(name, "does not follow the file before it, which was changed or is missing");
            }
            policies.addAll(segment.policies());
            for (Segment.VersionRecord version : segment.versions()) {
                versions.add(snapshot(version));
            }
            segments.add(segment);
            decisions = segment.decisions();
            hash = itsHash;
        }

        private PolicySnapshot snapshot(Segment.VersionRecord version) {
            List<Policy> put = version.put().stream().map(policies::get).toList();
            last = last.isEmpty() ? PolicySet.of(put) : last.with(changes(put, version.removed()));
            mark = version.mark();
            return new PolicySnapshot(version.version(), last, version.quarantined(), version.leftOut());
        }

        private static Map<PolicyId, Optional<Policy>> changes(List<Policy> put, Set<PolicyId> removed) {
            Map<PolicyId, Optional<Policy>> changes = new HashMap<>();
            put.forEach(policy -> changes.put(policy.id(), Optional.of(policy)));
            removed.forEach(id -> changes.put(id, Optional.empty()));
            return changes;
        }

        /**
         * Returns the sets, oldest first, and what was decided by the last of the segments.
         *
         * @throws DamagedException if the last is not the one that was written
         */
        Kept kept(String name) throws DamagedException {
            if (Segment.markOf(last) != mark) {
                throw new DamagedException(name, "holds another set than it says");
            }
            return new Kept(List.copyOf(versions), decisions);
        }

        /** Returns the documents; takes a while if there are many. */
        Map<Documents.Key, Documents.Read> documents() {
            Map<Documents.Key, Documents.Read> read = new HashMap<>();
            for (Segment segment : segments) {
                segment.documents()
                        .get()
                        .forEach((key, document) ->
                                document.ifPresentOrElse(there -> read.put(key, read(there)), () -> read.remove(key)));
            }
            return read;
        }

        private Documents.Read read(Segment.DocumentRecord document) {
            List<Policy> said = new ArrayList<>(document.policies().size());
            document.policies().forEach(place -> said.add(policies.get(place)));
            return new Documents.Read(document.reading(), new Document(document.token(), said, document.warnings()));
        }

        /** Returns the chain, to be gone on with. */
        Chain chain() {
            return new Chain(policies, last, hash);
        }
    }
}

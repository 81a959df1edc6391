package io.authzengine.storage.internal.disk;

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
import org.jspecify.annotations.Nullable;

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

    private final Map<Content, Integer> places;
    private PolicySet last;
    private String hash;
    private int size;

    private Chain(Map<Content, Integer> places, PolicySet last, String hash, int size) {
        this.places = places;
        this.last = last;
        this.hash = hash;
        this.size = size;
    }

    /** Returns the chain of no files. */
    static Chain empty() {
        return new Chain(new HashMap<>(), PolicySet.EMPTY, "", 0);
    }

    /** A segment that is to be written next, and what the chain is once it is. */
    final class Next {
        private final Map<Content, Integer> added = new LinkedHashMap<>();
        private final List<Policy> policies = new ArrayList<>();
        private PolicySet set = last;
        final Segment segment;

        private Next(
                String storeId,
                String parser,
                List<PolicySnapshot> versions,
                Map<Documents.Key, Optional<Documents.Read>> documents) {
            List<Segment.VersionRecord> records = new ArrayList<>();
            for (PolicySnapshot version : versions) {
                records.add(record(version));
            }
            Map<Documents.Key, Optional<Segment.DocumentRecord>> read = new HashMap<>();
            documents.forEach((key, document) -> read.put(key, document.map(this::record)));
            Segment.Head head = new Segment.Head(storeId, parser, hash.isEmpty(), hash, size);
            segment = new Segment(head, policies, records, read);
        }

        private Segment.VersionRecord record(PolicySnapshot version) {
            List<Integer> put = new ArrayList<>();
            Set<PolicyId> removed = new TreeSet<>();
            for (PolicyId id : set.differences(version.policies())) {
                version.find(id).ifPresentOrElse(policy -> put.add(place(policy)), () -> removed.add(id));
            }
            set = version.policies();
            return new Segment.VersionRecord(version.version(), put, removed, version.quarantined(), version.digest());
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

    Next next(
            String storeId,
            String parser,
            List<PolicySnapshot> versions,
            Map<Documents.Key, Optional<Documents.Read>> documents) {
        return new Next(storeId, parser, versions, documents);
    }

    /** Puts a chain together from its segments, first to last. */
    static final class Reading {
        private final List<Policy> policies = new ArrayList<>();
        private final List<PolicySnapshot> versions = new ArrayList<>();
        private final Map<Documents.Key, Segment.DocumentRecord> documents = new HashMap<>();
        private PolicySet last = PolicySet.EMPTY;
        private String hash = "";

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
            segment.documents()
                    .forEach((key, document) ->
                            document.ifPresentOrElse(read -> documents.put(key, read), () -> documents.remove(key)));
            hash = itsHash;
        }

        private PolicySnapshot snapshot(Segment.VersionRecord version) {
            Map<PolicyId, Optional<Policy>> changes =
                    new HashMap<>(version.put().size() * 2);
            for (int place : version.put()) {
                Policy policy = policies.get(place);
                changes.put(policy.id(), Optional.of(policy));
            }
            version.removed().forEach(id -> changes.put(id, Optional.empty()));
            last = last.with(changes);
            return new PolicySnapshot(version.version(), last, version.quarantined());
        }

        /**
         * Returns the sets, oldest first.
         *
         * @param digest the digest the last one should have; null if there is none
         * @throws DamagedException if it has another
         */
        List<PolicySnapshot> versions(String name, @Nullable String digest) throws DamagedException {
            if (digest != null && !last.digest().equals(digest)) {
                throw new DamagedException(name, "holds another set than the one it names");
            }
            return List.copyOf(versions);
        }

        Map<Documents.Key, Documents.Read> documents() {
            Map<Documents.Key, Documents.Read> read = new HashMap<>(documents.size() * 2);
            documents.forEach((key, document) -> read.put(
                    key,
                    new Documents.Read(
                            document.reading(),
                            new io.authzengine.storage.driver.DocumentCache.Document(
                                    document.token(),
                                    document.policies().stream()
                                            .map(policies::get)
                                            .toList(),
                                    document.warnings()))));
            return read;
        }

        /** Returns the chain, to be gone on with. */
        Chain chain() {
            Map<Content, Integer> places = new HashMap<>(policies.size() * 2);
            for (int place = 0; place < policies.size(); place++) {
                places.put(Content.of(policies.get(place)), place);
            }
            return new Chain(places, last, hash, policies.size());
        }
    }
}

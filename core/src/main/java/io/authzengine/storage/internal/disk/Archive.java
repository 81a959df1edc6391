package io.authzengine.storage.internal.disk;

import io.authzengine.storage.snapshot.PolicySnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Versions in a directory, as a chain of files that never change: a full one, and parts that each say what is different. A file is
 * written under another name, brought to the disk, and only then given its name, which is brought to the disk too. So whatever has a name
 * is whole, a crash costs nothing but what was not acknowledged, and a file that is not whole was changed by somebody.
 *
 * <p>When the parts have become long or many, the next file is a full one, and the others go once it is on the disk. Not thread-safe.
 */
final class Archive {
    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);
    /** After so many parts the next file is a full one: opening a file costs more than what is in a small one. */
    static final int MOST_PARTS = 256;

    private final DiskDirectory directory;
    private final String storeId;
    private final String parser;
    private final Parallel parallel;
    private final int mostParts;

    private Chain chain = Chain.empty();
    private long newest;
    private long highest;
    private long known;
    private long decided;
    private int parts;
    private long fullPolicies;
    private long partPolicies;
    private boolean certain;

    Archive(DiskDirectory directory, String storeId, String parser, Parallel parallel, int mostParts) {
        this.directory = directory;
        this.storeId = storeId;
        this.parser = parser;
        this.parallel = parallel;
        this.mostParts = mostParts;
    }

    /**
     * What a directory held.
     *
     * @param kept the sets and what was decided
     * @param documents what documents said when they were read
     * @param damage what was wrong and has been set aside; empty if nothing was
     */
    record Found(Kept kept, Supplier<Map<Documents.Key, Documents.Read>> documents, Optional<String> damage) {
        List<PolicySnapshot> versions() {
            return kept.versions();
        }

        static Found nothing(Optional<String> damage) {
            return new Found(Kept.NOTHING, Map::of, damage);
        }
    }

    /**
     * Reads what there is. A file that was changed is set aside with all that belong to it, and nothing of them is used: an older set
     * could be older than one that was acknowledged.
     *
     * @throws IOException if it cannot be read; it may be tried again
     */
    Found open() throws IOException {
        List<String> files = directory.list();
        for (String file : files) {
            SegmentName.parseAlsoDamaged(file).ifPresent(name -> {
                newest = Math.max(newest, name.place());
                highest = Math.max(highest, name.version());
            });
        }
        List<SegmentName> names = files.stream()
                .map(SegmentName::parse)
                .flatMap(Optional::stream)
                .sorted()
                .toList();
        try {
            Found found = read(live(names));
            removeUnfinished(files);
            return found;
        } catch (DamagedException e) {
            LOG.error("[{}] {} in {}; all of it is set aside and not used", storeId, e.getMessage(), directory);
            setAside(files, names);
            return Found.nothing(Optional.of(e.getMessage() + " in " + directory + "; it was set aside as *"
                    + SegmentName.DAMAGED + " and is not used: restore it from a backup, or delete it once looked at"));
        }
    }

    /** Returns the newest full file and the parts after it; what comes before was left by a crash. */
    private static List<SegmentName> live(List<SegmentName> names) throws DamagedException {
        int from = -1;
        for (int i = 0; i < names.size(); i++) {
            from = names.get(i).full() ? i : from;
        }
        if (from < 0 && !names.isEmpty()) {
            throw new DamagedException(names.get(0).toString(), "has lost the full file it goes on from");
        }
        return names.isEmpty() ? List.of() : names.subList(from, names.size());
    }

    private Found read(List<SegmentName> names) throws IOException, DamagedException {
        if (names.isEmpty()) {
            return Found.nothing(Optional.empty());
        }
        Chain.Reading reading = new Chain.Reading();
        boolean sameParser = true;
        for (SegmentName name : names) {
            Segment segment = read(name.toString(), reading);
            sameParser &= segment.head().parser().equals(parser);
            for (Segment.VersionRecord version : segment.versions()) {
                known = version.version().number();
            }
            account(segment);
        }
        chain = reading.chain();
        certain = sameParser; // What another parser made is replaced as a whole.
        Kept kept = reading.kept(names.get(names.size() - 1).toString());
        decided = kept.decisions().number();
        return new Found(kept, () -> documents(reading), Optional.empty());
    }

    private Map<Documents.Key, Documents.Read> documents(Chain.Reading reading) {
        try {
            return reading.documents();
        } catch (RuntimeException e) {
            LOG.warn(
                    "[{}] The documents in {} cannot be understood; they are read from the backend",
                    storeId,
                    directory,
                    e);
            return Map.of();
        }
    }

    private Segment read(String name, Chain.Reading into) throws IOException, DamagedException {
        try (DiskDirectory.Source source = directory.open(name)) {
            SegmentFile file = new SegmentFile(name, source);
            Segment segment = file.read(storeId, parser, parallel);
            into.add(name, segment, file.hash());
            return segment;
        } catch (RuntimeException e) {
            throw new DamagedException(name, e);
        }
    }

    private void removeUnfinished(List<String> files) {
        for (String file : files) {
            if (file.endsWith(SegmentName.UNFINISHED)) {
                LOG.warn("[{}] {} in {} was never finished, nor acknowledged: it is removed", storeId, file, directory);
                discard(file);
            }
        }
    }

    private void account(Segment segment) {
        int size = segment.policies().size() + segment.head().documents() / 4;
        if (segment.head().full()) {
            fullPolicies = size;
            partPolicies = 0;
            parts = 0;
        } else {
            partPolicies += size;
            parts++;
        }
    }

    private void setAside(List<String> files, List<SegmentName> names) throws IOException {
        for (String file : files) {
            if (file.endsWith(SegmentName.DAMAGED)) {
                directory.delete(file); // One damage is kept, so that they cannot fill the disk.
            }
        }
        for (SegmentName name : names) {
            directory.rename(name.toString(), name + SegmentName.DAMAGED);
        }
        directory.syncDirectory();
    }

    /** Forgets what the directory holds: the next file is a full one. */
    void beginAnew() {
        certain = false;
    }

    /** Returns the highest number any file here spoke of when it was opened, so that none is given twice. */
    long highest() {
        return highest;
    }

    /**
     * Writes what is new, and returns once it is on the disk: from then on it is acknowledged.
     *
     * @param kept all that is to be there; sets the directory has are not written again
     * @param documents where the documents come from; null if none are kept here
     * @throws IOException if that fails; the directory is still valid, and the next call writes it again
     */
    void write(Kept kept, @Nullable Documents documents) throws IOException {
        List<PolicySnapshot> remembered = kept.versions();
        Map<Documents.Key, Optional<Documents.Read>> changes = documents == null ? Map.of() : documents.unwritten();
        boolean full = !certain || parts >= mostParts || partPolicies > fullPolicies / 2 + 1024;
        List<PolicySnapshot> versions = full
                ? remembered
                : remembered.stream()
                        .filter(set -> set.version().number() > known)
                        .toList();
        boolean more = !changes.isEmpty() || kept.decisions().number() != decided;
        if (versions.isEmpty() && (!more || remembered.isEmpty())) {
            return;
        }
        if (full) {
            chain = Chain.empty();
            certain = false;
        }
        Chain.Next next = chain.next(
                storeId,
                parser,
                new Kept(versions, kept.decisions()),
                full && documents != null ? everything(documents) : changes);
        SegmentName name = new SegmentName(newest + 1, kept.last(), full);
        put(name, next);
        newest = name.place();
        known = kept.last();
        decided = kept.decisions().number();
        certain = true;
        account(next.segment);
        if (documents != null) {
            documents.written(changes);
        }
        if (full) {
            removeOthers(name);
        }
    }

    private static Map<Documents.Key, Optional<Documents.Read>> everything(Documents documents) {
        Map<Documents.Key, Optional<Documents.Read>> all = new java.util.HashMap<>();
        documents.all().forEach((key, read) -> all.put(key, Optional.of(read)));
        return all;
    }

    private void put(SegmentName name, Chain.Next next) throws IOException {
        String unfinished = name + SegmentName.UNFINISHED;
        String[] hash = new String[1];
        directory.create();
        boolean written = false;
        try {
            directory.write(unfinished, out -> hash[0] = next.segment.writeTo(out));
            directory.sync(unfinished);
            written = true;
        } finally {
            if (!written) {
                discard(unfinished);
            }
        }
        certain = false; // From here on the file may be there or not, until both have returned.
        directory.rename(unfinished, name.toString());
        directory.syncDirectory();
        next.written(hash[0]);
    }

    private void discard(String unfinished) {
        try {
            directory.delete(unfinished);
        } catch (IOException e) {
            LOG.debug("[{}] {} stays until the next file is written", storeId, unfinished, e);
        }
    }

    /** Removes what a full file has made superfluous, and what a crash left. A failure costs room and nothing else. */
    private void removeOthers(SegmentName kept) {
        try {
            List<String> superfluous = new ArrayList<>(directory.list());
            superfluous.removeIf(file -> !file.endsWith(SegmentName.UNFINISHED)
                    && SegmentName.parse(file)
                            .filter(name -> !name.equals(kept))
                            .isEmpty());
            for (String file : superfluous) {
                directory.delete(file);
            }
        } catch (IOException e) {
            LOG.warn("[{}] Old files in {} could not be removed; it is tried again", storeId, directory, e);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}

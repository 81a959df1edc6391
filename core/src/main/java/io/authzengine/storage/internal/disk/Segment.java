package io.authzengine.storage.internal.disk;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What one file holds: policies and documents that no earlier file of the chain has, and the versions made of them. Never changed once it
 * has its name. It is made of frames, each with the SHA-256 of its content, so that whoever reads one checks it too; and ends with that of
 * the heads of all frames, which is its name to the next file of the chain.
 *
 * @param head what it is and where it belongs
 * @param policies those that are new in it, in the order of their places in the chain
 * @param versions what each set was called and how it differs from the one before
 * @param decisions what was decided against the source by then
 * @param documents documents that changed, of which those that are gone are empty
 */
record Segment(
        Head head,
        List<Policy> policies,
        List<VersionRecord> versions,
        Decisions decisions,
        Supplier<Map<Documents.Key, Optional<DocumentRecord>>> documents) {
    /** The bytes every file begins with; the last one is the version of the format. */
    static final byte[] MAGIC = {'A', 'Z', 'S', 'T', 'O', 'R', 'E', 2};

    static final int HASH_BYTES = 32;

    /** What stands before the content of a frame: its letter, its length, and the SHA-256 of it. */
    static final int HEAD_BYTES = 1 + Integer.BYTES + HASH_BYTES;

    /** So many policies stand in one frame, so that several threads can read them. */
    static final int CHUNK = 256;

    /**
     * What a file is.
     *
     * @param storeId whose it is
     * @param parser the parser that made its policies of their texts
     * @param full whether it needs no other file
     * @param previous the SHA-256 of the file before it; empty if it is full
     * @param firstPlace the place in the chain of its first policy
     * @param documents how many documents it has
     */
    record Head(String storeId, String parser, boolean full, String previous, int firstPlace, int documents) {}

    /**
     * One set.
     *
     * @param put places of the policies it has and the set before did not
     * @param removed ids that it lacks and the set before had
     * @param mark {@link #markOf} of all of it
     * @param leftOut what is wrong with what it leaves out without knowing what that states
     */
    record VersionRecord(
            PolicyVersion version,
            List<Integer> put,
            Set<PolicyId> removed,
            Map<PolicyId, List<Finding>> quarantined,
            long mark,
            List<Finding> leftOut) {}

    /** One document, its policies by their places in the chain. */
    record DocumentRecord(String reading, String token, List<Integer> policies, List<Finding> warnings) {}

    /** The sorts of frame; the letter is what stands in the file. */
    enum Frame {
        HEAD('H'),
        POLICIES('P'),
        VERSION('V'),
        DECISIONS('S'),
        DOCUMENTS('D');

        final char letter;

        Frame(char letter) {
            this.letter = letter;
        }
    }

    /**
     * Returns a number that differs between sets that differ, to find mistakes; against malice stands the checksum of the file. Unlike the
     * digest of a set it needs no order, which is what takes the time in a large one.
     */
    static long markOf(PolicySet set) {
        return set.stream()
                .mapToLong(policy -> {
                    long one = policy.id().hashCode() * 0x9E3779B97F4A7C15L
                            + policy.metadata().contentHash().hashCode();
                    return (one ^ (one >>> 29)) * 0xBF58476D1CE4E5B9L;
                })
                .sum();
    }

    /** Writes it to {@code out}, and returns the sum it ends with. */
    String writeTo(OutputStream out) throws IOException {
        MessageDigest heads = Sha256.begin();
        out.write(MAGIC);
        heads.update(MAGIC);
        frame(out, heads, Frame.HEAD, this::writeHead);
        for (int from = 0; from < policies.size(); from += CHUNK) {
            List<Policy> chunk = policies.subList(from, Math.min(from + CHUNK, policies.size()));
            frame(out, heads, Frame.POLICIES, into -> into.list(chunk, PolicyCodec::write));
        }
        for (VersionRecord version : versions) {
            frame(out, heads, Frame.VERSION, into -> write(into, version));
        }
        frame(out, heads, Frame.DECISIONS, into -> Decisions.write(into, decisions));
        if (head.documents() > 0) {
            frame(out, heads, Frame.DOCUMENTS, this::writeDocuments);
        }
        byte[] sum = heads.digest();
        out.write(sum);
        return HexFormat.of().formatHex(sum);
    }

    private static void frame(OutputStream out, MessageDigest heads, Frame type, Consumer<ByteWriter> content)
            throws IOException {
        ByteWriter writer = new ByteWriter();
        content.accept(writer);
        MessageDigest digest = Sha256.begin();
        writer.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        byte[] head = ByteBuffer.allocate(HEAD_BYTES)
                .put((byte) type.letter)
                .putInt(writer.length())
                .put(digest.digest())
                .array();
        heads.update(head);
        out.write(head);
        writer.writeTo(out);
    }

    private void writeHead(ByteWriter out) {
        out.text(head.storeId());
        out.text(head.parser());
        out.number(head.full() ? 1 : 0);
        out.text(head.previous());
        out.place(head.firstPlace());
        out.place(head.documents());
    }

    static Head head(ByteReader in) {
        return new Head(in.text(), in.text(), in.is(), in.text(), in.place(), in.place());
    }

    private static void write(ByteWriter out, VersionRecord version) {
        VersionCodec.write(out, version.version());
        out.list(version.put(), ByteWriter::place);
        out.list(version.removed(), (into, id) -> into.text(id.value()));
        VersionCodec.write(out, version.quarantined());
        out.fixed(version.mark());
        if (!version.leftOut().isEmpty()) { // Otherwise it ends here, as it did before anything could be left out.
            out.list(version.leftOut(), VersionCodec::write);
        }
    }

    static VersionRecord version(ByteReader in) {
        PolicyVersion version = VersionCodec.read(in);
        List<Integer> put = in.list(ByteReader::place);
        Set<PolicyId> removed = Set.copyOf(in.list(from -> new PolicyId(from.text())));
        Map<PolicyId, List<Finding>> quarantined = VersionCodec.quarantined(in);
        long mark = in.fixed();
        List<Finding> leftOut = in.hasMore() ? in.list(VersionCodec::finding) : List.of();
        return new VersionRecord(version, put, removed, quarantined, mark, leftOut);
    }

    private void writeDocuments(ByteWriter out) {
        out.number(head.documents());
        documents.get().forEach((key, document) -> {
            out.text(key.driverId());
            out.text(key.location());
            out.optional(document, (into, read) -> {
                into.text(read.reading());
                into.text(read.token());
                into.list(read.policies(), ByteWriter::place);
                into.list(read.warnings(), VersionCodec::write);
            });
        });
    }

    static void documents(ByteReader in, Map<Documents.Key, Optional<DocumentRecord>> into) {
        int count = in.count();
        for (int i = 0; i < count; i++) {
            Documents.Key key = new Documents.Key(in.text(), in.text());
            into.put(
                    key,
                    in.optional(from -> new DocumentRecord(
                            from.text(), from.text(), from.list(ByteReader::place), from.list(VersionCodec::finding))));
        }
    }
}

package io.authzengine.storage.internal.disk;

import io.authzengine.storage.policy.Policy;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The bytes of a file as a {@link Segment} again, if they are just what was written. */
final class SegmentFile {
    private static final int FRAME_HEAD = 5;

    private final String name;
    private final byte[] bytes;
    private final int end;

    /** Where a frame's content is. */
    private record Span(Segment.Frame type, int from, int to) {}

    SegmentFile(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
        this.end = bytes.length - Segment.HASH_BYTES;
    }

    /** Returns the checksum it ends with, which is what the next file calls it. */
    String hash() {
        return HexFormat.of().formatHex(bytes, end, bytes.length);
    }

    /**
     * Reads it.
     *
     * @param storeId whose it should be
     * @param parser the parser whose work needs not be done again
     * @throws DamagedException if it is not what was written, or was written for another store
     */
    Segment read(String storeId, String parser, Parallel parallel) throws DamagedException {
        if (end < Segment.MAGIC.length) {
            throw new DamagedException(name, "is cut short");
        }
        checkFormat();
        try {
            List<Span> frames = frames();
            Segment.Head head = Segment.head(reader(frames.get(0)));
            return read(head, storeId, frames, head.parser().equals(parser), parallel);
        } catch (RuntimeException e) {
            requireIntact(MessageDigest.isEqual(sum(), stated())); // Says what is wrong in the first place.
            throw new DamagedException(name, e);
        }
    }

    private Segment read(Segment.Head head, String storeId, List<Span> frames, boolean sameParser, Parallel parallel)
            throws DamagedException {
        List<Callable<List<Policy>>> chunks = new ArrayList<>();
        boolean[] intact = new boolean[1];
        chunks.add(() -> {
            intact[0] = MessageDigest.isEqual(sum(), stated());
            return List.of();
        });
        for (Span frame : frames) {
            if (frame.type() == Segment.Frame.POLICIES) {
                chunks.add(() -> reader(frame).list(sameParser ? PolicyCodec::read : PolicyCodec::parse));
            }
        }
        List<Policy> policies = new ArrayList<>();
        parallel.run(chunks).forEach(policies::addAll);
        requireIntact(intact[0]);
        if (!head.storeId().equals(storeId)) {
            throw new DamagedException(name, "belongs to " + head.storeId() + ", not to " + storeId);
        }
        List<Segment.VersionRecord> versions = new ArrayList<>();
        Map<Documents.Key, Optional<Segment.DocumentRecord>> documents = new HashMap<>();
        Decisions decisions = Decisions.NONE;
        for (Span frame : frames) {
            if (frame.type() == Segment.Frame.VERSION) {
                versions.add(Segment.version(reader(frame)));
            } else if (frame.type() == Segment.Frame.DECISIONS) {
                decisions = Decisions.read(reader(frame));
            } else if (frame.type() == Segment.Frame.DOCUMENTS && sameParser) {
                Segment.documents(reader(frame), documents);
            }
        }
        return new Segment(head, policies, versions, decisions, documents);
    }

    private void checkFormat() throws DamagedException {
        int last = Segment.MAGIC.length - 1;
        boolean ours = Arrays.equals(bytes, 0, last, Segment.MAGIC, 0, last);
        if (ours && bytes[last] != Segment.MAGIC[last]) {
            throw new DamagedException(
                    name, "has format " + bytes[last] + ", this library reads " + Segment.MAGIC[last]);
        }
        if (!ours) {
            throw new DamagedException(name, "was not written by this library, or its beginning was changed");
        }
    }

    private void requireIntact(boolean intact) throws DamagedException {
        if (!intact) {
            throw new DamagedException(name, "was changed after it was written: its checksum is another");
        }
    }

    private byte[] sum() {
        MessageDigest digest = Segment.sha256();
        digest.update(bytes, 0, end);
        return digest.digest();
    }

    private byte[] stated() {
        return Arrays.copyOfRange(bytes, end, bytes.length);
    }

    private List<Span> frames() {
        List<Span> frames = new ArrayList<>();
        int at = Segment.MAGIC.length;
        while (at < end) {
            int from = at + FRAME_HEAD;
            int length = 0;
            for (int i = 1; i < FRAME_HEAD; i++) {
                length = length << 8 | (bytes[at + i] & 0xFF);
            }
            if (length < 0 || length > end - from) {
                throw new IllegalStateException("a frame goes beyond its end");
            }
            frames.add(new Span(type(bytes[at]), from, from + length));
            at = from + length;
        }
        return frames;
    }

    private static Segment.Frame type(byte letter) {
        for (Segment.Frame type : Segment.Frame.values()) {
            if (type.letter == letter) {
                return type;
            }
        }
        throw new IllegalStateException("no frame has the letter " + letter);
    }

    private ByteReader reader(Span frame) {
        return new ByteReader(bytes, frame.from(), frame.to());
    }
}

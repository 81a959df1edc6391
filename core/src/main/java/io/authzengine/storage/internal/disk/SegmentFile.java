package io.authzengine.storage.internal.disk;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * A file as a {@link Segment} again, if it is just what was written. The heads of its frames are read and checked first; then each frame is
 * read, checked and understood as one, on whatever core is free.
 */
final class SegmentFile {
    private static final HexFormat HEX = HexFormat.of();

    private final String name;
    private final DiskDirectory.Source source;
    private final ConcurrentLinkedQueue<byte[]> buffers = new ConcurrentLinkedQueue<>();
    private String hash = "";

    /** Where the content of a frame is, and what its SHA-256 must be. */
    private record Frame(Segment.Frame type, long at, int length, String sum) {}

    SegmentFile(String name, DiskDirectory.Source source) {
        this.name = name;
        this.source = source;
    }

    /** Returns the sum it ends with, which is what the next file calls it; known once it was read. */
    String hash() {
        return hash;
    }

    /**
     * Reads it.
     *
     * @param storeId whose it should be
     * @param parser the parser whose work needs not be done again
     * @throws DamagedException if it is not what was written, or was written for another store
     * @throws IOException if it cannot be read
     * @throws RuntimeException if it is what was written and cannot be understood all the same
     */
    Segment read(String storeId, String parser, Parallel parallel) throws DamagedException, IOException {
        checkFormat();
        List<Frame> frames = frames();
        Segment.Head head = read(frames.get(0), Segment::head);
        if (!head.storeId().equals(storeId)) {
            throw new DamagedException(name, "belongs to " + head.storeId() + ", not to " + storeId);
        }
        boolean sameParser = head.parser().equals(parser);
        List<Callable<List<Policy>>> chunks = new ArrayList<>();
        List<Segment.VersionRecord> versions = new ArrayList<>();
        Decisions decisions = Decisions.NONE;
        byte[][] documents = {new byte[0]};
        for (Frame frame : frames) {
            switch (frame.type()) {
                case POLICIES -> chunks.add(() -> policies(frame, sameParser));
                case VERSION -> versions.add(read(frame, Segment::version));
                case DECISIONS -> decisions = read(frame, Decisions::read);
                case DOCUMENTS ->
                    chunks.add(() -> {
                        documents[0] = content(frame, new byte[frame.length()]);
                        return List.of();
                    });
                case HEAD -> {}
            }
        }
        List<Policy> policies = new ArrayList<>(chunks.size() * Segment.CHUNK);
        run(chunks, parallel).forEach(policies::addAll);
        byte[] unread = sameParser ? documents[0] : new byte[0];
        return new Segment(head, policies, versions, decisions, () -> documents(unread));
    }

    private static List<List<Policy>> run(List<Callable<List<Policy>>> chunks, Parallel parallel)
            throws DamagedException, IOException {
        try {
            return parallel.run(chunks);
        } catch (CompletionException e) {
            if (e.getCause() instanceof DamagedException damage) {
                throw damage;
            }
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Not needed to serve what is there, so it is understood only when somebody asks. */
    private static Map<Documents.Key, Optional<Segment.DocumentRecord>> documents(byte[] unread) {
        Map<Documents.Key, Optional<Segment.DocumentRecord>> documents = new HashMap<>();
        if (unread.length > 0) {
            Segment.documents(new ByteReader(unread, 0, unread.length), documents);
        }
        return documents;
    }

    private void checkFormat() throws DamagedException, IOException {
        int last = Segment.MAGIC.length - 1;
        byte[] format = bytes(0, Segment.MAGIC.length);
        boolean ours = Arrays.equals(format, 0, last, Segment.MAGIC, 0, last);
        if (ours && format[last] != Segment.MAGIC[last]) {
            throw new DamagedException(
                    name, "has format " + format[last] + ", this library reads " + Segment.MAGIC[last]);
        }
        if (!ours) {
            throw new DamagedException(name, "was not written by this library, or its beginning was changed");
        }
    }

    /** Returns all frames, whose heads are just what was written. */
    private List<Frame> frames() throws DamagedException, IOException {
        List<Frame> frames = new ArrayList<>();
        MessageDigest heads = Sha256.begin();
        heads.update(Segment.MAGIC);
        long end = source.size() - Segment.HASH_BYTES;
        long at = Segment.MAGIC.length;
        while (at < end) {
            byte[] head = bytes(at, Segment.HEAD_BYTES);
            heads.update(head);
            ByteBuffer fields = ByteBuffer.wrap(head);
            byte letter = fields.get();
            int length = fields.getInt();
            at += head.length;
            if (length < 0 || length > end - at) {
                throw changed();
            }
            frames.add(new Frame(type(letter), at, length, HEX.formatHex(head, fields.position(), head.length)));
            at += length;
        }
        byte[] sum = bytes(end, Segment.HASH_BYTES);
        if (frames.isEmpty() || !MessageDigest.isEqual(heads.digest(), sum)) {
            throw changed();
        }
        hash = HEX.formatHex(sum);
        return frames;
    }

    private Segment.Frame type(byte letter) throws DamagedException {
        for (Segment.Frame type : Segment.Frame.values()) {
            if (type.letter == letter) {
                return type;
            }
        }
        throw changed();
    }

    private DamagedException changed() {
        return new DamagedException(name, "was changed after it was written: its checksum is another");
    }

    private byte[] bytes(long at, int length) throws DamagedException, IOException {
        if (at < 0 || at + length > source.size()) {
            throw new DamagedException(name, "is cut short");
        }
        byte[] bytes = new byte[length];
        source.read(at, bytes, length);
        return bytes;
    }

    private List<Policy> policies(Frame frame, boolean sameParser) throws DamagedException, IOException {
        return read(frame, in -> in.list(sameParser ? PolicyCodec::read : PolicyCodec::parse));
    }

    /** Reads a frame into a buffer that another has left, as what is made of it copies what it keeps. */
    private <T> T read(Frame frame, Function<ByteReader, T> content) throws DamagedException, IOException {
        byte[] left = buffers.poll();
        byte[] buffer = content(frame, left != null && left.length >= frame.length() ? left : new byte[frame.length()]);
        T read = content.apply(new ByteReader(buffer, 0, frame.length()));
        buffers.add(buffer);
        return read;
    }

    /** Returns {@code into} with the content of a frame, which is just what was written. */
    private byte[] content(Frame frame, byte[] into) throws DamagedException, IOException {
        source.read(frame.at(), into, frame.length());
        MessageDigest digest = Sha256.begin();
        digest.update(into, 0, frame.length());
        if (!HEX.formatHex(digest.digest()).equals(frame.sum())) {
            throw changed();
        }
        return into;
    }
}

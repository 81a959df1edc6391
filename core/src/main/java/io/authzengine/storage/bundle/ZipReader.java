package io.authzengine.storage.bundle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a zip archive by its directory, which stands at the end: what is not listed there does not exist, and an archive that breaks
 * off has none.
 */
final class ZipReader {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int LOCAL_SIZE = 30;
    private static final int CENTRAL_SIZE = 46;
    private static final int END_SIZE = 22;
    private static final int UNIX_TYPE = 0xf000;
    private static final int UNIX_FILE = 0x8000;
    private static final int UNIX_DIRECTORY = 0x4000;
    private static final int ENCRYPTED = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    private final byte[] zip;
    private final ByteBuffer buffer;
    private final BundleLimits limits;
    private final Entries entries;
    private long unpacked;

    ZipReader(byte[] zip, BundleLimits limits, Entries entries) {
        this.zip = zip;
        this.buffer = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        this.limits = limits;
        this.entries = entries;
    }

    static boolean isZip(byte[] bytes) {
        if (bytes.length < END_SIZE) {
            return false;
        }
        int first = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
        return first == LOCAL || first == END;
    }

    void read() throws BundleException {
        try {
            int end = end();
            int count = unsignedShort(end + 10);
            int at = offset(buffer.getInt(end + 16));
            for (int i = 0; i < count; i++) {
                at = entry(at);
            }
            if (at != end || unsignedShort(end + 8) != count) {
                throw damaged("its directory does not agree with its end");
            }
        } catch (IndexOutOfBoundsException | DataFormatException e) {
            throw new BundleException("its zip is damaged or breaks off", e);
        }
    }

    /** Returns where the record stands that ends the archive; a comment may follow it, and nothing else. */
    private int end() throws BundleException {
        for (int at = zip.length - END_SIZE; at >= 0 && at >= zip.length - END_SIZE - 0xffff; at--) {
            if (buffer.getInt(at) == END && at + END_SIZE + unsignedShort(at + 20) == zip.length) {
                return at;
            }
        }
        throw damaged("it breaks off: the record that ends it is missing");
    }

    private int entry(int at) throws BundleException, DataFormatException {
        if (buffer.getInt(at) != CENTRAL) {
            throw damaged("its directory cannot be read");
        }
        entries.count();
        int nameLength = unsignedShort(at + 28);
        int next = at + CENTRAL_SIZE + nameLength + unsignedShort(at + 30) + unsignedShort(at + 32);
        String name = new String(zip, at + CENTRAL_SIZE, nameLength, StandardCharsets.UTF_8);
        int type = (buffer.getInt(at + 38) >>> 16) & UNIX_TYPE;
        if (type != 0 && type != UNIX_FILE && type != UNIX_DIRECTORY) {
            throw new BundleException("it holds " + Entries.shown(name)
                    + ", which is a link or a device; only files and directories may be there");
        }
        if ((unsignedShort(at + 8) & ENCRYPTED) != 0) {
            throw new BundleException("it holds " + Entries.shown(name) + ", which is encrypted");
        }
        if (name.endsWith("/")) {
            entries.directory(name);
        } else {
            String safe = entries.file(name);
            if (entries.wants(safe)) {
                entries.keep(safe, content(at, name));
            }
        }
        return next;
    }

    private byte[] content(int at, String name) throws BundleException, DataFormatException {
        int packedSize = offset(buffer.getInt(at + 20));
        int size = offset(buffer.getInt(at + 24));
        int local = offset(buffer.getInt(at + 42));
        int localName = unsignedShort(local + 26);
        if (buffer.getInt(local) != LOCAL
                || !name.equals(new String(zip, local + LOCAL_SIZE, localName, StandardCharsets.UTF_8))) {
            throw damaged("its directory and an entry of it do not agree");
        }
        int from = local + LOCAL_SIZE + localName + unsignedShort(local + 28);
        if (packedSize > zip.length - from) {
            throw damaged("it breaks off within an entry");
        }
        unpacked += size;
        limits.checkUnpacked(size, packedSize);
        limits.checkUnpacked(unpacked, zip.length);
        byte[] packed = Arrays.copyOfRange(zip, from, from + packedSize);
        byte[] content = switch (unsignedShort(at + 10)) {
            case STORED -> packed;
            case DEFLATED -> inflate(packed, size);
            default -> throw new BundleException("it is packed in a way that is not known; use deflate");
        };
        CRC32 sum = new CRC32();
        sum.update(content);
        if (content.length != size || (int) sum.getValue() != buffer.getInt(at + 16)) {
            throw damaged("the check sum of an entry is wrong");
        }
        return content;
    }

    private static byte[] inflate(byte[] packed, int size) throws BundleException, DataFormatException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            byte[] content = new byte[size];
            int done = 0;
            while (done < size) {
                int read = inflater.inflate(content, done, size - done);
                if (read == 0) {
                    throw damaged("an entry is shorter than it says");
                }
                done += read;
            }
            if (inflater.inflate(new byte[1]) > 0) {
                throw damaged("an entry is longer than it says");
            }
            return content;
        } finally {
            inflater.end();
        }
    }

    /** Returns a size or an offset; what does not fit, such as the mark of the 64 bit form, is in no archive of policies. */
    private static int offset(int value) throws BundleException {
        if (value < 0) {
            throw new BundleException("it is a zip of more than 2 GiB");
        }
        return value;
    }

    private int unsignedShort(int at) {
        return buffer.getShort(at) & 0xffff;
    }

    private static BundleException damaged(String reason) {
        return new BundleException("its zip is damaged: " + reason);
    }
}

package io.authzengine.storage.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads a tar archive as POSIX and GNU write it: plain files and directories, long names by either extension. */
final class TarReader {
    static final int BLOCK = 512;
    private static final int MODE_END = 124;
    private static final int SIZE_END = 136;
    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_END = 156;
    private static final int TYPE = 156;
    private static final int MAGIC = 257;
    private static final int PREFIX = 345;
    private static final int PREFIX_END = 500;
    private static final int NAME_END = 100;

    private final byte[] tar;
    private final Entries entries;
    private int position;
    private @Nullable String longName; // For the entry that comes next, as is the size.
    private long longSize = -1;

    TarReader(byte[] tar, Entries entries) {
        this.tar = tar;
        this.entries = entries;
    }

    static boolean isTar(byte[] bytes) {
        byte[] magic = "ustar".getBytes(StandardCharsets.US_ASCII);
        return bytes.length >= BLOCK && Arrays.equals(bytes, MAGIC, MAGIC + magic.length, magic, 0, magic.length);
    }

    void read() throws BundleException {
        while (true) {
            if (position + BLOCK > tar.length) {
                throw new BundleException("its tar breaks off: the block that ends it is missing");
            }
            if (isZero(position)) {
                return;
            }
            entry();
        }
    }

    private boolean isZero(int from) {
        for (int i = from; i < from + BLOCK; i++) {
            if (tar[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void entry() throws BundleException {
        int header = position;
        checkSum(header);
        entries.count();
        char type = (char) (tar[header + TYPE] & 0xff);
        long size =
                longSize >= 0 && type != 'x' && type != 'L' ? longSize : octal(header + MODE_END, header + SIZE_END);
        int from = header + BLOCK;
        if (size > tar.length - from) {
            throw new BundleException("its tar breaks off within an entry");
        }
        int to = from + (int) size;
        position = from + (int) ((size + BLOCK - 1) / BLOCK * BLOCK);
        switch (type) {
            case 'x' -> extend(from, to);
            case 'L' -> longName = text(from, to);
            case 'g' -> {} // Says something of all entries, such as the commit an archive was made of.
            case '0', '\0', '7' -> file(name(header), from, to);
            case '5' -> {
                entries.directory(name(header));
                forget();
            }
            default ->
                throw new BundleException(
                        "it holds " + Entries.shown(name(header))
                                + ", which is a link, a device or of another unknown kind; only files and directories may be there");
        }
    }

    private void file(String name, int from, int to) throws BundleException {
        forget();
        if (name.endsWith("/")) {
            entries.directory(name); // As it was written before there were types.
            return;
        }
        String safe = entries.file(name);
        if (entries.wants(safe)) {
            entries.keep(safe, Arrays.copyOfRange(tar, from, to));
        }
    }

    private void forget() {
        longName = null;
        longSize = -1;
    }

    private String name(int header) throws BundleException {
        if (longName != null) {
            return longName;
        }
        String name = text(header, header + NAME_END);
        boolean posix = text(header + MAGIC, header + MAGIC + 6).equals("ustar");
        String prefix = posix ? text(header + PREFIX, header + PREFIX_END) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /** Reads the records {@code LENGTH KEY=VALUE\n} that say more of the next entry than its header can. */
    private void extend(int from, int to) throws BundleException {
        int at = from;
        while (at < to) {
            int space = at;
            int length = 0;
            while (space < to && tar[space] >= '0' && tar[space] <= '9' && length < tar.length) {
                length = length * 10 + (tar[space] - '0');
                space++;
            }
            if (length < 5 || length > to - at || space >= to || tar[space] != ' ' || tar[at + length - 1] != '\n') {
                throw new BundleException("its tar has a damaged extended header");
            }
            record(new String(tar, space + 1, at + length - space - 2, StandardCharsets.UTF_8));
            at += length;
        }
    }

    private void record(String record) throws BundleException {
        if (record.startsWith("path=")) {
            longName = record.substring("path=".length());
        } else if (record.startsWith("size=")) {
            try {
                longSize = Long.parseUnsignedLong(record.substring("size=".length()));
            } catch (NumberFormatException e) {
                throw new BundleException("its tar has a damaged extended header", e);
            }
            if (longSize < 0) {
                throw new BundleException("its tar has a damaged extended header");
            }
        }
    }

    private String text(int from, int to) {
        int end = from;
        while (end < to && tar[end] != 0) {
            end++;
        }
        return new String(tar, from, end - from, StandardCharsets.UTF_8);
    }

    private void checkSum(int header) throws BundleException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            boolean own = i >= CHECKSUM && i < CHECKSUM_END;
            sum += own ? ' ' : tar[header + i] & 0xff;
        }
        if (sum != octal(header + CHECKSUM, header + CHECKSUM_END)) {
            throw new BundleException("its tar is damaged: the check sum of an entry is wrong");
        }
    }

    private long octal(int from, int to) throws BundleException {
        String digits = text(from, to).strip();
        if (!digits.isEmpty() && digits.length() <= 12 && digits.chars().allMatch(c -> c >= '0' && c <= '7')) {
            return Long.parseLong(digits, 8);
        }
        throw new BundleException("its tar is damaged: a number of an entry cannot be read");
    }
}

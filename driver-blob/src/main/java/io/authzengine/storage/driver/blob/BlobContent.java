package io.authzengine.storage.driver.blob;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.bundle.BundleLimits;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/** The content of an object as it is stored, and how it is packed. The bytes are not copied and must not be changed. */
public final class BlobContent {
    private static final Set<String> PLAIN = Set.of("", "identity", "aws-chunked");
    private static final Set<String> PACKED = Set.of("gzip", "x-gzip");

    private final byte[] bytes;
    private final String encoding;

    /**
     * @param bytes as they are stored
     * @param encoding {@code Content-Encoding} as it is stored; empty if none
     */
    public BlobContent(byte[] bytes, String encoding) {
        this.bytes = bytes;
        this.encoding = encoding;
    }

    byte[] bytes() {
        return bytes;
    }

    /**
     * Returns the document: unpacked if it says that it is packed, and is. Some stores and proxies unpack on their way and leave the
     * name of the packing on it.
     */
    byte[] unpacked(BundleLimits limits) throws IOException {
        String name = encoding.replace("aws-chunked,", "").strip().toLowerCase(Locale.ROOT);
        if (PLAIN.contains(name)) {
            return bytes;
        }
        if (!PACKED.contains(name)) {
            throw new IOException("its Content-Encoding is neither gzip nor none");
        }
        return isGzip() ? Bundle.gunzip(bytes, limits) : bytes;
    }

    private boolean isGzip() {
        return bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    }
}

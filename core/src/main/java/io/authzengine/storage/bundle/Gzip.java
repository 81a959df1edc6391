package io.authzengine.storage.bundle;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Packs and unpacks with gzip, whose check sum and length at the end tell a whole file from a part of one. */
final class Gzip {
    private static final int CHUNK = 64 << 10;

    private Gzip() {}

    static boolean isGzip(byte[] bytes) {
        return bytes.length > 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
    }

    static byte[] unpack(byte[] packed, BundleLimits limits) throws BundleException {
        ByteArrayOutputStream unpacked = new ByteArrayOutputStream(Math.max(CHUNK, packed.length * 2));
        byte[] chunk = new byte[CHUNK];
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), CHUNK)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                limits.checkUnpacked((long) unpacked.size() + read, packed.length);
                unpacked.write(chunk, 0, read);
            }
        } catch (BundleException e) {
            throw e;
        } catch (IOException e) {
            throw new BundleException("its gzip is damaged or breaks off", e);
        }
        return unpacked.toByteArray();
    }

    /** Takes a third of the time for half as many bytes again: whoever follows a server waits for it to pack. */
    private static final class Quick extends GZIPOutputStream {
        Quick(OutputStream out) throws IOException {
            super(out, CHUNK);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    static byte[] pack(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new Quick(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return packed.toByteArray();
    }
}

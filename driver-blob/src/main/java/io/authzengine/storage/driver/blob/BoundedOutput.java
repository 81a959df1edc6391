package io.authzengine.storage.driver.blob;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Takes in bytes up to a bound and one more, and fails then, which ends a transfer. Not thread-safe. */
public final class BoundedOutput extends OutputStream {
    private final int max;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Makes one for {@code max} bytes. */
    public BoundedOutput(int max) {
        this.max = max;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        int room = max + 1 - bytes.size();
        bytes.write(from, offset, Math.min(room, length));
        if (isFull()) {
            throw new IOException("more than " + max + " bytes");
        }
    }

    /** Returns whether more came than is wanted. */
    public boolean isFull() {
        return bytes.size() > max;
    }

    /** Returns what came. */
    public byte[] bytes() {
        return bytes.toByteArray();
    }
}

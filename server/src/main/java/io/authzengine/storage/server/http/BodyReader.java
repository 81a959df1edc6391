package io.authzengine.storage.server.http;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Reads what requests carry, bounded in size and in time. A thread waits for each body, and a body that comes byte by byte is never idle,
 * so the time-out of the connection alone would let it wait for good. Thread-safe.
 */
final class BodyReader {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int CHUNK = 8_192;

    private final int maxBytes;
    private final LongSupplier ticker;

    BodyReader(int maxBytes, LongSupplier ticker) {
        this.maxBytes = maxBytes;
        this.ticker = ticker;
    }

    /**
     * Returns the body of {@code context}.
     *
     * @throws RefusedException if it is too large, takes too long or breaks off
     */
    byte[] read(Context context) {
        try (InputStream in = context.req().getInputStream()) {
            return read(in);
        } catch (IOException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw tooSlow();
            }
            throw new RefusedException(ProblemCode.INVALID_REQUEST, "The body broke off");
        }
    }

    byte[] read(InputStream in) throws IOException {
        long begun = ticker.getAsLong();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            body.write(chunk, 0, count);
            if (body.size() > maxBytes) {
                throw new RefusedException(
                        ProblemCode.BODY_TOO_LARGE, "More than " + maxBytes + " bytes are not taken");
            }
            if (ticker.getAsLong() - begun > LIMIT.toNanos()) {
                throw tooSlow();
            }
        }
        return body.toByteArray();
    }

    private static RefusedException tooSlow() {
        return new RefusedException(
                ProblemCode.BODY_TOO_SLOW, "The body has not come within " + LIMIT.toSeconds() + " seconds");
    }
}

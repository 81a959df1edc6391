package io.authzengine.storage.faults.decision;

/** A link that passes one thing after the other at its rate: how long until the last bit is through. Thread-safe. */
final class Pacer {
    private static final double NANOS = 1e9;

    private double freeAt = Double.NEGATIVE_INFINITY;

    /**
     * Books the link for {@code bytes}.
     *
     * @return nanoseconds from {@code now} until they have passed
     */
    synchronized long book(long now, long bytes, double bitsPerSecond) {
        double begin = Math.max((double) now, freeAt);
        freeAt = begin + bytes * (double) Byte.SIZE * NANOS / bitsPerSecond;
        return Math.round(freeAt - now);
    }
}

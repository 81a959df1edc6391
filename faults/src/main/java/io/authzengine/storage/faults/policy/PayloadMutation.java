package io.authzengine.storage.faults.policy;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Changes what passes. What it cannot be done to passes unchanged.
 *
 * @param transform how it is changed
 * @param probability how often
 * @param only the one direction that is concerned; empty for both
 * @param everyNth every n-th operation alone; 1 for each
 * @param minSize bytes; smaller payloads pass
 * @param maxSize bytes; larger payloads pass; 0 for no bound
 * @param maxBuffer bytes; a result that would be larger is not made
 * @param dryRun whether it is only counted and logged
 */
public record PayloadMutation(
        PayloadTransform transform,
        Probability probability,
        Optional<Direction> only,
        int everyNth,
        long minSize,
        long maxSize,
        long maxBuffer,
        boolean dryRun) {
    /** The largest result unless another bound is given: 64 KiB. */
    public static final long DEFAULT_MAX_BUFFER = 64 * 1024;

    public PayloadMutation {
        Objects.requireNonNull(transform, "transform");
        Objects.requireNonNull(probability, "probability");
        Objects.requireNonNull(only, "only");
        Limits.checkCount("payload_mutation.every_n_packets", everyNth, 1);
        Limits.require(minSize >= 0, "payload_mutation.min_size is not negative");
        Limits.require(
                maxSize == 0 || maxSize >= minSize,
                "payload_mutation.max_size is 0 for no bound, or at least min_size");
        Limits.require(maxBuffer > 0, "payload_mutation.max_buffer_size is more than nothing");
    }

    /** Returns a mutation of each payload in both directions. */
    public static PayloadMutation always(PayloadTransform transform) {
        return new PayloadMutation(transform, Probability.ALWAYS, Optional.empty(), 1, 0, 0, DEFAULT_MAX_BUFFER, false);
    }

    /** Returns whether payloads of this size and direction are concerned. */
    public boolean concerns(Direction direction, int size) {
        return (only.isEmpty() || only.get() == direction) && size >= minSize && (maxSize == 0 || size <= maxSize);
    }

    /**
     * Returns the changed payload; empty if there is none that differs.
     *
     * @param draw decides all that is random
     */
    public Optional<byte[]> apply(byte[] payload, long draw) {
        return transform
                .apply(payload, draw)
                .filter(changed -> changed.length <= maxBuffer && !Arrays.equals(changed, payload));
    }
}

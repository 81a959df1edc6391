package io.authzengine.storage.faults.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** How bytes are changed. Makes a new array, never changes the one it is given. */
public sealed interface PayloadTransform {
    /**
     * Returns the changed bytes; empty if it cannot be done to these.
     *
     * @param draw decides all that is random
     */
    Optional<byte[]> apply(byte[] payload, long draw);

    /**
     * Cuts off all behind the first bytes.
     *
     * @param size how many stay
     */
    record Truncate(long size) implements PayloadTransform {
        public Truncate {
            Limits.require(size >= 0, "truncate_size is not negative");
        }

        @Override
        public Optional<byte[]> apply(byte[] payload, long draw) {
            return size >= payload.length ? Optional.empty() : Optional.of(Arrays.copyOf(payload, (int) size));
        }
    }

    /**
     * Changes bytes at random places.
     *
     * @param count how many at most
     * @param seed decides where and how; drawn each time if there is none
     */
    record CorruptBytes(int count, OptionalLong seed) implements PayloadTransform {
        public CorruptBytes {
            Limits.checkCount("corrupt_count", count, 1);
        }

        @Override
        public Optional<byte[]> apply(byte[] payload, long draw) {
            if (payload.length == 0) {
                return Optional.empty();
            }
            byte[] changed = payload.clone();
            SplittableRandom random = new SplittableRandom(seed.orElse(draw));
            for (int i = 0; i < count; i++) {
                changed[random.nextInt(changed.length)] ^= (byte) random.nextInt(1, 256);
            }
            return Optional.of(changed);
        }
    }

    /**
     * Puts bytes in.
     *
     * @param position where
     * @param data what, 64 bytes at most
     */
    record InjectBytes(long position, Bytes data) implements PayloadTransform {
        public InjectBytes {
            Limits.require(position >= 0, "inject_position is not negative");
            Limits.require(data.size() > 0 && data.size() <= 64, "inject_data has 1 to 64 bytes");
        }

        @Override
        public Optional<byte[]> apply(byte[] payload, long draw) {
            return position > payload.length
                    ? Optional.empty()
                    : Optional.of(Bytes.spliced(payload, (int) position, 0, data.copy()));
        }
    }

    /**
     * Replaces the first place that reads like this.
     *
     * @param find what, 1 to 32 bytes
     * @param with with what, 32 bytes at most
     */
    record ReplacePattern(Bytes find, Bytes with) implements PayloadTransform {
        public ReplacePattern {
            Limits.require(find.size() > 0 && find.size() <= 32, "replace_find has 1 to 32 bytes");
            Limits.require(with.size() <= 32, "replace_with has 32 bytes at most");
        }

        @Override
        public Optional<byte[]> apply(byte[] payload, long draw) {
            byte[] wanted = find.copy();
            for (int at = 0; at + wanted.length <= payload.length; at++) {
                if (Arrays.equals(payload, at, at + wanted.length, wanted, 0, wanted.length)) {
                    return Optional.of(Bytes.spliced(payload, at, wanted.length, with.copy()));
                }
            }
            return Optional.empty();
        }
    }

    /** Makes the first byte one that no text in UTF-8 has. */
    record CorruptEncoding() implements PayloadTransform {
        @Override
        public Optional<byte[]> apply(byte[] payload, long draw) {
            if (payload.length == 0) {
                return Optional.empty();
            }
            byte[] changed = payload.clone();
            changed[0] = (byte) 0xFF;
            return Optional.of(changed);
        }
    }

    /**
     * Swaps two bytes.
     *
     * @param first the place of one
     * @param second the place of the other
     */
    record SwapBytes(long first, long second) implements PayloadTransform {
        public SwapBytes {
            Limits.require(first >= 0 && second >= 0, "swap_pos1 and swap_pos2 are not negative");
        }

        @Override
        public Optional<byte[]> apply(byte[] payload, long draw) {
            if (first == second || Math.max(first, second) >= payload.length) {
                return Optional.empty();
            }
            byte[] changed = payload.clone();
            changed[(int) first] = payload[(int) second];
            changed[(int) second] = payload[(int) first];
            return Optional.of(changed);
        }
    }
}

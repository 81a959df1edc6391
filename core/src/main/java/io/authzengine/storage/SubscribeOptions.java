package io.authzengine.storage;

import java.util.OptionalLong;

/**
 * How a subscriber is told.
 *
 * @param capacity how many events wait for it at most; beyond that the oldest are dropped, counted, and told of by {@link
 *     StoreEvent.Resync}. Default 100
 * @param synchronous whether it is called before the call returns that made the event, on the same thread and with no lock held,
 *     instead of on a thread of the store's. It must be quick: whoever changes the store waits for it
 * @param after the version after which it is told; those the history remembers are told first. Empty for: from now on
 */
public record SubscribeOptions(int capacity, boolean synchronous, OptionalLong after) {
    /** From now on, on a thread of the store's, with up to 100 events waiting. */
    public static final SubscribeOptions DEFAULT = new SubscribeOptions(100, false, OptionalLong.empty());
    /** From now on, before the call returns that made the event. */
    public static final SubscribeOptions SYNCHRONOUS =
            new SubscribeOptions(DEFAULT.capacity, true, OptionalLong.empty());

    /** @throws IllegalArgumentException if {@code capacity} is less than 1 or {@code after} is negative */
    public SubscribeOptions {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity is at least 1, got " + capacity);
        }
        if (after.isPresent() && after.getAsLong() < 0) {
            throw new IllegalArgumentException("after is the number of a version, got " + after.getAsLong());
        }
    }

    /** Returns these options with room for {@code events} that wait. */
    public SubscribeOptions withCapacity(int events) {
        return new SubscribeOptions(events, synchronous, after);
    }

    /** Returns these options with what came after {@code version} told first; 0 for everything. */
    public SubscribeOptions after(long version) {
        return new SubscribeOptions(capacity, synchronous, OptionalLong.of(version));
    }
}

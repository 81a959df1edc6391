package io.authzengine.storage.faults.policy;

import java.time.Duration;
import java.util.Objects;

/**
 * Holds change events back until later ones have passed.
 *
 * @param probability how often one is held back
 * @param maxDelay how long it is held back at most; zero for as long as none follows
 * @param window how many are held back at most, at least 1
 */
public record PacketReorder(Probability probability, Duration maxDelay, int window) {
    public PacketReorder {
        Objects.requireNonNull(probability, "probability");
        Limits.checkDelay("packet_reorder.max_delay", maxDelay);
        Limits.checkCount("packet_reorder.window", window, 1);
    }
}

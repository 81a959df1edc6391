package io.authzengine.storage.faults.policy;

import java.util.Objects;

/**
 * Sends change events again.
 *
 * @param probability how often, drawn for each extra copy
 * @param maxExtra extra copies at most, at least 1
 */
public record PacketDuplicate(Probability probability, int maxExtra) {
    public PacketDuplicate {
        Objects.requireNonNull(probability, "probability");
        Limits.checkCount("packet_duplicate.max_extra", maxExtra, 1);
    }
}

package io.authzengine.storage.faults.policy;

import java.util.Objects;

/**
 * Breaks connections, when they are made and at each operation.
 *
 * @param kind how
 * @param probability how often
 */
public record ConnectionError(ErrorKind kind, Probability probability) {
    public ConnectionError {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(probability, "probability");
    }
}

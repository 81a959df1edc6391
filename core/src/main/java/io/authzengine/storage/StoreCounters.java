package io.authzengine.storage;

import java.util.Objects;

/**
 * What a store has counted since it was made. None of the numbers ever becomes smaller, but {@link Deliveries#waiting}.
 *
 * @param reloads see {@link StoreOperation.Kind#RELOAD}
 * @param validations see {@link StoreOperation.Kind#VALIDATION}
 * @param rollbacks see {@link StoreOperation.Kind#ROLLBACK}
 * @param eventsDropped events that subscribers were not told of as they fell behind
 * @param auditFailures audit records that a sink did not take
 * @param webhooks calls to webhooks, all together
 */
public record StoreCounters(
        Tally reloads,
        Tally validations,
        Tally rollbacks,
        long eventsDropped,
        long auditFailures,
        Deliveries webhooks) {
    /**
     * How attempts ended. One that is under way is not counted yet.
     *
     * @param succeeded how many succeeded
     * @param failed how many failed
     */
    public record Tally(long succeeded, long failed) {
        /** Returns how many there were. */
        public long attempts() {
            return succeeded + failed;
        }

        /** Returns this tally with one more. */
        public Tally plus(StoreOperation operation) {
            return operation.succeeded() ? new Tally(succeeded + 1, failed) : new Tally(succeeded, failed + 1);
        }
    }

    /**
     * What became of the change sets that webhooks are to be told of.
     *
     * @param delivered how many were taken
     * @param failed how many were given up after the last retry, or were refused
     * @param dropped how many made room for later ones
     * @param waiting how many wait
     */
    public record Deliveries(long delivered, long failed, long dropped, long waiting) {
        /** Nothing to deliver. */
        public static final Deliveries NONE = new Deliveries(0, 0, 0, 0);

        /** Returns both together. */
        public Deliveries plus(Deliveries other) {
            return new Deliveries(
                    delivered + other.delivered,
                    failed + other.failed,
                    dropped + other.dropped,
                    waiting + other.waiting);
        }
    }

    public StoreCounters {
        Objects.requireNonNull(reloads, "reloads");
        Objects.requireNonNull(validations, "validations");
        Objects.requireNonNull(rollbacks, "rollbacks");
        Objects.requireNonNull(webhooks, "webhooks");
    }
}

package io.authzengine.storage.faults.policy;

import java.time.Duration;

/**
 * How a link treats what passes in one direction.
 *
 * @param latency added to each operation, 0 to 60 s
 * @param jitter at most this much is added on top, evenly drawn, 0 to 60 s
 * @param packetLoss how often an operation is lost
 * @param burstLoss with each loss the next operations of the connection are lost too, so many in all; 0 and 1 mean one alone
 * @param rate bits a second, up to 100 Gbit/s; 0 for no limit
 */
public record Link(Duration latency, Duration jitter, Probability packetLoss, int burstLoss, long rate) {
    /** A link that does nothing. */
    public static final Link CLEAR = new Link(Duration.ZERO, Duration.ZERO, Probability.NEVER, 0, 0);

    public Link {
        Limits.checkDelay("latency", latency);
        Limits.checkDelay("jitter", jitter);
        Limits.checkCount("burst_loss", burstLoss, 0);
        Limits.require(rate >= 0 && rate <= Limits.FASTEST_RATE, "rate is 0 to 100 gbps, got " + rate + " bps");
    }

    /** Returns whether it does nothing. */
    public boolean isClear() {
        return equals(CLEAR);
    }

    /** Returns this link, with what {@code special} says in place of what it says itself; zeros say nothing. */
    public Link overriddenBy(Link special) {
        if (special.isClear()) {
            return this;
        }
        return new Link(
                special.latency.isZero() ? latency : special.latency,
                special.jitter.isZero() ? jitter : special.jitter,
                special.packetLoss.isNever() ? packetLoss : special.packetLoss,
                special.burstLoss == 0 ? burstLoss : special.burstLoss,
                special.rate == 0 ? rate : special.rate);
    }

    /** Returns this link with another latency. */
    public Link withLatency(Duration time) {
        return new Link(time, jitter, packetLoss, burstLoss, rate);
    }

    /** Returns this link with another jitter. */
    public Link withJitter(Duration time) {
        return new Link(latency, time, packetLoss, burstLoss, rate);
    }

    /** Returns this link with another loss. */
    public Link withPacketLoss(Probability loss) {
        return new Link(latency, jitter, loss, burstLoss, rate);
    }

    /** Returns this link with losses that come {@code count} in a row. */
    public Link withBurstLoss(int count) {
        return new Link(latency, jitter, packetLoss, count, rate);
    }

    /** Returns this link with another rate. */
    public Link withRate(long bitsPerSecond) {
        return new Link(latency, jitter, packetLoss, burstLoss, bitsPerSecond);
    }
}

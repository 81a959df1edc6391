package io.authzengine.storage.faults.decision;

import io.authzengine.storage.faults.policy.CorrelatedLoss;
import io.authzengine.storage.faults.policy.Link;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What one policy has drawn so far in one direction of one session, and what follows from it for the next operation. */
final class FaultStream {
    private static final Duration FIRST_RESEND = Duration.ofMillis(200);
    private static final int MOST_DOUBLINGS = 6;

    private final RandomGenerator random;
    private int burstLeft;
    private int lossesInARow;
    private boolean bad;
    private long payloads;

    FaultStream(long seed) {
        this.random = new SplittableRandom(seed);
    }

    RandomGenerator random() {
        return random;
    }

    /** Draws whether the next operation is lost. */
    boolean loses(Link link, double intensity) {
        return lost(link.packetLoss().happens(random, intensity), link.burstLoss());
    }

    /** Draws whether the next operation is lost, and before that whether the phase changes. */
    boolean loses(CorrelatedLoss loss, int burst, double intensity) {
        bad = bad ? !loss.badToGood().happens(random, 1) : loss.goodToBad().happens(random, 1);
        return lost((bad ? loss.lossWhenBad() : loss.lossWhenGood()).happens(random, intensity), burst);
    }

    private boolean lost(boolean drawn, int burst) {
        boolean lost = drawn;
        if (burstLeft > 0) {
            burstLeft--;
            lost = true;
        } else if (drawn) {
            burstLeft = Math.max(0, burst - 1);
        }
        lossesInARow = lost ? lossesInARow + 1 : 0;
        return lost;
    }

    /** Returns how long it takes until what was just lost is sent again. */
    Duration resendDelay() {
        return FIRST_RESEND.multipliedBy(1L << Math.min(lossesInARow - 1, MOST_DOUBLINGS));
    }

    /** Counts a payload; returns whether it is the n-th. */
    boolean isNth(int n) {
        return payloads++ % n == n - 1;
    }
}

package io.authzengine.storage.faults.policy;

import java.time.Duration;

/** When a policy holds, and how strongly. The clock starts when the policy is registered, or when its scope is entered. */
public sealed interface Schedule {
    /**
     * Returns how strongly it holds, from 0 to 1: delays and probabilities are multiplied with it, a rate is divided by it, and
     * what is on or off is on at 1 alone.
     *
     * @param elapsed time since the clock started
     */
    double intensity(Duration elapsed);

    /**
     * Grows evenly from nothing to full.
     *
     * @param ramp how long that takes
     */
    record Ramp(Duration ramp) implements Schedule {
        public Ramp {
            Limits.checkPositive("schedule.ramp", ramp);
        }

        @Override
        public double intensity(Duration elapsed) {
            return Math.min(1, (double) elapsed.toNanos() / ramp.toNanos());
        }
    }

    /**
     * Holds at the beginning of each period.
     *
     * @param every the period
     * @param duration for how long it holds, the period at most
     */
    record Spike(Duration every, Duration duration) implements Schedule {
        public Spike {
            Limits.checkPositive("schedule.every", every);
            Limits.checkPositive("schedule.duration", duration);
            Limits.require(duration.compareTo(every) <= 0, "schedule.duration is schedule.every at most");
        }

        @Override
        public double intensity(Duration elapsed) {
            return elapsed.toNanos() % every.toNanos() < duration.toNanos() ? 1 : 0;
        }
    }

    /**
     * Is on and off by turns, on first.
     *
     * @param on how long it holds
     * @param off how long it does not
     */
    record Flapping(Duration on, Duration off) implements Schedule {
        public Flapping {
            Limits.checkPositive("schedule.on", on);
            Limits.checkPositive("schedule.off", off);
        }

        @Override
        public double intensity(Duration elapsed) {
            return elapsed.toNanos() % on.plus(off).toNanos() < on.toNanos() ? 1 : 0;
        }
    }
}

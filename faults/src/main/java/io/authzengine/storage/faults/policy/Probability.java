package io.authzengine.storage.faults.policy;

import java.util.random.RandomGenerator;

/**
 * How often something happens.
 *
 * @param ppm in parts of a million, 0 to 1,000,000
 */
public record Probability(int ppm) {
    /** Never. */
    public static final Probability NEVER = new Probability(0);
    /** Each time. */
    public static final Probability ALWAYS = new Probability(1_000_000);

    public Probability {
        Limits.require(ppm >= 0 && ppm <= 1_000_000, "a probability is 0 to 1,000,000 ppm, got " + ppm);
    }

    /** Returns a probability of {@code percent} of a hundred. */
    public static Probability percent(int percent) {
        Limits.require(percent >= 0 && percent <= 100, "a probability is 0 to 100 %, got " + percent);
        return new Probability(percent * 10_000);
    }

    /** Returns whether it never happens. */
    public boolean isNever() {
        return ppm == 0;
    }

    /**
     * Returns whether it happens this time. Draws exactly one number, whatever the probability is, so that a changed probability
     * does not shift what is drawn later.
     *
     * @param intensity what the probability is multiplied with, 0 to 1
     */
    public boolean happens(RandomGenerator random, double intensity) {
        return random.nextDouble() * 1_000_000 < ppm * intensity;
    }
}

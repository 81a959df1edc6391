package io.authzengine.storage.faults.policy;

import java.time.Duration;

/** What a field may say at most. */
final class Limits {
    static final Duration LONGEST_DELAY = Duration.ofSeconds(60);
    static final Duration LONGEST_TIME = Duration.ofDays(1);
    static final long FASTEST_RATE = 100_000_000_000L;
    static final int LARGEST_COUNT = 1_000_000;
    static final int MOST_TARGETS = 8;

    private Limits() {}

    /** Checks a time that is added to what a call takes: 0 to 60 s. */
    static void checkDelay(String field, Duration time) {
        checkAtMost(field, time, LONGEST_DELAY);
    }

    /** Checks a deadline or a phase: 0 to a day. */
    static void checkTime(String field, Duration time) {
        checkAtMost(field, time, LONGEST_TIME);
    }

    /** Checks a time that is there for something: longer than nothing, a day at most. */
    static void checkPositive(String field, Duration time) {
        checkTime(field, time);
        require(!time.isZero(), field + " is longer than nothing");
    }

    static void checkCount(String field, long count, long least) {
        require(
                count >= least && count <= LARGEST_COUNT,
                field + " is " + least + " to " + LARGEST_COUNT + ", got " + count);
    }

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    private static void checkAtMost(String field, Duration time, Duration most) {
        require(
                !time.isNegative() && time.compareTo(most) <= 0,
                field + " is 0 to " + most.toSeconds() + " s, got " + time);
    }
}

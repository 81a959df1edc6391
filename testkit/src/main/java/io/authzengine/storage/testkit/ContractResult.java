package io.authzengine.storage.testkit;

import java.time.Duration;

/**
 * How one check ended.
 *
 * @param topic which topic of the contract it belongs to
 * @param scenario what the driver lived through
 * @param promise what was checked
 * @param time how long it took, with the steps that led to it
 * @param reason why it did not pass; empty if it did
 */
record ContractResult(String topic, String scenario, String promise, Outcome outcome, Duration time, String reason) {
    /** How a check can end. */
    enum Outcome {
        PASSED,
        FAILED,
        /** Not reached, as something before it failed. */
        SKIPPED
    }
}

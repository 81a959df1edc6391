package io.authzengine.storage.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/**
 * What one driver lives through, and what is promised on the way: each promise is a check of its own. The driver is opened once for
 * all of them, so many checks cost little. Steps are taken, and checks made, in the order in which they are written down; once a step
 * has failed, what comes after it says nothing and is skipped.
 */
final class Scenario {
    private final Supplier<String> driver;
    private final List<DynamicTest> checks = new ArrayList<>();
    private List<Executable> steps = new ArrayList<>();
    private @Nullable String failedAt; // Written as the checks are made, one after the other.

    /** @param driver how a failure names the driver */
    Scenario(Supplier<String> driver) {
        this.driver = driver;
    }

    /** Does something that the checks after it need. */
    Scenario step(Executable step) {
        steps.add(step);
        return this;
    }

    /** Checks {@code promise}, a sentence about drivers. */
    Scenario check(String promise, Executable check) {
        List<Executable> before = steps;
        steps = new ArrayList<>();
        checks.add(DynamicTest.dynamicTest(promise, () -> {
            takeSteps(promise, before);
            try {
                check.execute();
            } catch (AssertionError e) {
                throw named(promise, e);
            }
        }));
        return this;
    }

    private void takeSteps(String promise, List<Executable> before) throws Throwable {
        if (failedAt != null) {
            Assumptions.abort("not reached, as it failed before \"" + failedAt + "\" could be checked");
        }
        try {
            for (Executable step : before) {
                step.execute();
            }
        } catch (AssertionError e) {
            failedAt = promise;
            throw named(promise, e);
        } catch (Throwable e) {
            failedAt = promise;
            throw e;
        }
    }

    private AssertionError named(String promise, AssertionError failure) {
        return new AssertionError(driver.get() + ": " + promise + ": " + failure.getMessage(), failure);
    }

    /** Returns all checks. */
    Stream<DynamicTest> checks() {
        return checks.stream();
    }
}

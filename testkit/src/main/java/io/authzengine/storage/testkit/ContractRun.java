package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One scenario of the contract: the driver, what its listener was told, and how to wait for things. */
final class ContractRun implements PolicyChangeListener, AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final StorageDriver driver;
    private final StorageContext context;
    private final Duration patience;
    private final Instant begunAt;
    private final List<PolicyChangeSet> changes = new CopyOnWriteArrayList<>();
    private final List<StorageException> failures = new CopyOnWriteArrayList<>();
    private volatile PolicySet told = PolicySet.EMPTY; // Written by the delivering thread.
    private volatile boolean checking = true;

    ContractRun(StorageDriver driver, StorageContext context, Duration patience) {
        this.driver = driver;
        this.context = context;
        this.patience = patience;
        this.begunAt = context.clock().instant();
    }

    StorageDriver driver() {
        return driver;
    }

    /** Returns how a failed assertion names the driver. */
    String name() {
        return "driver " + driver.id() + " of type " + driver.type();
    }

    StorageContext context() {
        return context;
    }

    /** Returns when the run began, by the wall clock. */
    Instant begunAt() {
        return begunAt;
    }

    List<PolicyChangeSet> changes() {
        return changes;
    }

    /** Returns the failed looks of which the listener was told. */
    List<StorageException> failures() {
        return failures;
    }

    /** Returns all that was told, each as {@code TYPE id}. */
    List<String> events() {
        return changes.stream()
                .flatMap(change -> change.events().stream())
                .map(event -> event.type() + " " + event.policyId())
                .toList();
    }

    @Override
    public void onChange(PolicyChangeSet change) {
        changes.add(change);
        told = told.with(change.events().stream()
                .collect(Collectors.toMap(PolicyChangeEvent::policyId, PolicyChangeEvent::policy)));
    }

    @Override
    public void onFailure(StorageException failure) {
        failures.add(failure);
    }

    /** Returns the text of each policy the driver has now. */
    Map<PolicyId, String> texts() {
        Map<PolicyId, String> texts = new TreeMap<>();
        for (Policy policy : driver.load().policies().sorted()) {
            texts.put(policy.id(), policy.raw().toString().strip());
        }
        return texts;
    }

    String text(PolicyId id) {
        return texts().getOrDefault(id, "there is no " + id);
    }

    /** Returns the texts that are there after the fifty edits of the contract. */
    static Map<PolicyId, String> expectedAfterFifty() {
        Map<PolicyId, String> texts = new TreeMap<>();
        texts.put(
                SamplePolicies.resourceId("book"),
                SamplePolicies.resource("book").strip());
        for (int i = 0; i < 50; i++) {
            String action = "edit" + i;
            texts.put(
                    SamplePolicies.resourceId("album"),
                    SamplePolicies.resource("album", "default", action).strip());
            String name = "n" + i % 5;
            texts.put(
                    SamplePolicies.resourceId(name),
                    SamplePolicies.resource(name, "default", action).strip());
            if (i % 7 == 6) {
                texts.remove(SamplePolicies.resourceId(name));
            }
        }
        return texts;
    }

    /** Looks at the backend until {@code condition} holds. A look that fails is tried again. */
    void awaitLook(String what, BooleanSupplier condition) {
        StorageException[] last = new StorageException[1];
        await(
                what,
                () -> {
                    try {
                        driver.checkNow(CheckMode.IF_CHANGED);
                    } catch (StorageException e) {
                        last[0] = e;
                    }
                    return condition.getAsBoolean();
                },
                last);
    }

    /** Waits until what the listener was told adds up to what the driver has. */
    void awaitTold() {
        await(
                "the listener to be told of all there is",
                () -> told.sameAs(driver.load().policies()));
    }

    void await(String what, BooleanSupplier condition) {
        await(what, condition, new StorageException[1]);
    }

    private void await(String what, BooleanSupplier condition, @Nullable StorageException[] lastFailure) {
        long deadline = context.ticker().getAsLong() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (context.ticker().getAsLong() - deadline > 0) {
                throw new AssertionError(
                        name() + ": waited " + patience + " in vain for " + what + "; health is " + driver.healthCheck()
                                + ", told was " + events(),
                        lastFailure[0]);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Checks all the time, as impatient callers do, until {@link #stopChecking}. */
    void checkOften() {
        while (checking) {
            driver.checkNow(CheckMode.IF_CHANGED);
        }
    }

    void stopChecking() {
        checking = false;
    }

    static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        driver.close();
        context.close();
    }
}

package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.PolicyId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.function.Executable;

/** One topic of the contract: promises that belong together, and what they are checked with. */
abstract class Topic {
    static final String ALBUM = "album.yaml";
    static final String BOOK = "book.yaml";
    static final String CAR = "car.yaml";
    static final PolicyId ALBUM_ID = SamplePolicies.resourceId("album");
    static final PolicyId BOOK_ID = SamplePolicies.resourceId("book");
    static final PolicyId CAR_ID = SamplePolicies.resourceId("car");

    private final StorageDriverContract contract;

    Topic(StorageDriverContract contract) {
        this.contract = contract;
    }

    /** Returns a scenario that begins with a driver over an empty backend. */
    final Scenario opened() {
        return new Scenario(() -> run().name());
    }

    /** Returns a scenario that begins with a driver that has loaded album and book, and is watched by the run. */
    final Scenario loaded() {
        return opened().step(this::loadAlbumAndBook);
    }

    final void loadAlbumAndBook() throws Exception {
        put(ALBUM, SamplePolicies.resource("album"), BOOK, SamplePolicies.resource("book"));
        driver().watch(run());
        driver().init();
        awaitCount(2);
    }

    final StorageDriverContract contract() {
        return contract;
    }

    final ContractRun run() {
        return contract.run();
    }

    final StorageDriver driver() {
        return run().driver();
    }

    final void put(String name, String document) throws Exception {
        contract.put(Map.of(name, document));
    }

    final void put(String name, String document, String other, String otherDocument) throws Exception {
        contract.put(Map.of(name, document, other, otherDocument));
    }

    /** Puts the document of the resource called {@code resource}, which now lets users {@code action}. */
    final void edit(String resource, String action) throws Exception {
        put(resource + ".yaml", edited(resource, action));
    }

    static String edited(String resource, String action) {
        return SamplePolicies.resource(resource, "default", action);
    }

    final void remove(String name) throws Exception {
        contract.remove(Set.of(name));
    }

    final void breakDown() throws Exception {
        contract.breakDown();
    }

    final void heal() throws Exception {
        contract.heal();
    }

    /** Makes a look that fails, and returns how. */
    final StorageException failedLook() {
        return failure(() -> driver().checkNow(CheckMode.FORCE));
    }

    /** Returns the storage failure with which {@code call} ends. */
    static StorageException failure(Executable call) {
        return org.junit.jupiter.api.Assertions.assertThrows(StorageException.class, call);
    }

    /** Looks until there are {@code count} policies. */
    final void awaitCount(int count) {
        run().awaitLook(count + " policies", () -> run().texts().size() == count);
    }

    /** Looks until the policy called {@code id} says {@code text} somewhere. */
    final void awaitText(PolicyId id, String text) {
        run().awaitLook(id + " to say " + text, () -> run().text(id).contains(text));
    }

    final void awaitComplete(boolean complete) {
        run().awaitLook(
                        complete ? "the errors to be gone" : "the error to be found",
                        () -> driver().load().complete() == complete);
    }

    final void awaitHealthy() {
        run().await("health to be good", () -> driver().healthCheck().status() == HealthStatus.Status.HEALTHY);
    }

    /** Returns what must be shown nowhere, never empty. */
    final CharSequence[] secrets() {
        List<String> secrets = contract.secrets();
        return secrets.isEmpty() ? new CharSequence[] {"\0"} : secrets.toArray(CharSequence[]::new);
    }
}

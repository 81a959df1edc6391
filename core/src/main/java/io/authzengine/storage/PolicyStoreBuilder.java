package io.authzengine.storage;

import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.gate.PolicyGate;
import io.authzengine.storage.internal.StoreFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a {@link PolicyStore}. Not thread-safe; good for one store. */
public final class PolicyStoreBuilder {
    private final Function<StorageContext, StorageDriver> driver;
    private final List<PolicyGate> gates = new ArrayList<>();
    private StoreSettings settings = StoreSettings.DEFAULT;
    private @Nullable StorageContext context;
    private @Nullable AuditSink audit;

    PolicyStoreBuilder(Function<StorageContext, StorageDriver> driver) {
        this.driver = Objects.requireNonNull(driver, "driver");
    }

    /** Sets how the store treats what it is given. */
    public PolicyStoreBuilder settings(StoreSettings value) {
        settings = Objects.requireNonNull(value, "value");
        return this;
    }

    /** Adds a gate of your own; asked after the built-in ones, in the order of adding. */
    public PolicyStoreBuilder gate(PolicyGate gate) {
        gates.add(Objects.requireNonNull(gate, "gate"));
        return this;
    }

    /** Sets time, threads and random numbers; the store does not close what it is given. By default it makes its own. */
    public PolicyStoreBuilder context(StorageContext value) {
        context = Objects.requireNonNull(value, "value");
        return this;
    }

    /** Sets who takes the audit records; by default the logger {@link AuditSink#LOGGER}, one line of JSON each. */
    public PolicyStoreBuilder audit(AuditSink sink) {
        audit = Objects.requireNonNull(sink, "sink");
        return this;
    }

    /** Makes the store; does no I/O yet. */
    public PolicyStore build() {
        return StoreFactory.create(driver, settings, gates, audit, context);
    }
}

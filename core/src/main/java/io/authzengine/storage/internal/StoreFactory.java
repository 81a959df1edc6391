package io.authzengine.storage.internal;

import io.authzengine.storage.AuditSink;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.gate.PolicyGate;
import io.authzengine.storage.internal.disk.Persistence;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one step from the front door into the engine. */
public final class StoreFactory {
    private StoreFactory() {}

    /**
     * Makes a store; does no I/O yet.
     *
     * @param sink null for the default
     * @param context null if the store is to make, and close, its own
     */
    public static PolicyStore create(
            Function<StorageContext, StorageDriver> driver,
            StoreSettings settings,
            List<PolicyGate> ownGates,
            @Nullable AuditSink sink,
            @Nullable StorageContext context) {
        StorageContext used = context == null ? StorageContext.create("policy-store") : context;
        try {
            GateChain gates = new GateChain(settings, ownGates);
            Persistence persistence =
                    new Persistence(settings.disk().cacheDir(), settings.disk().historyDir(), used);
            StorageDriver made = driver.apply(used.withDocuments(persistence.documents()));
            AuditTrail audit = AuditTrail.create(made.id(), settings, sink, used);
            return new RunningStore(made, settings, gates, audit, used, context == null, persistence);
        } catch (RuntimeException e) {
            if (context == null) {
                used.close();
            }
            throw e;
        }
    }
}

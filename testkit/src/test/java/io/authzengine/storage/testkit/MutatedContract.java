package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The contract over a driver with a bug. Run by {@link MutantsTest} alone, never by itself: it is to fail. */
class MutatedContract extends StorageDriverContract {
    static volatile Mutant mutant = Mutant.ofSource("none", source -> source);

    private final InMemorySource backend = new InMemorySource();

    @Override
    protected StorageDriver open(StorageContext context) {
        PolicySource source = mutant.source().apply(backend);
        return mutant.driver()
                .apply(new SourceDriver(
                        "memory-1", StorageDriver.MEMORY, source, SyncSettings.DEFAULT.withRetries(0), context));
    }

    @Override
    protected void put(Map<String, String> documents) {
        backend.change(held -> held.putAll(documents));
    }

    @Override
    protected void remove(Set<String> names) {
        backend.change(held -> held.keySet().removeAll(names));
    }

    @Override
    protected void breakDown() {
        backend.goAway();
    }

    @Override
    protected void heal() {
        backend.comeBack();
    }

    @Override
    protected List<String> secrets() {
        return List.of("s3cret");
    }

    @Override
    protected Duration patience() {
        return MutantsTest.PATIENCE;
    }
}

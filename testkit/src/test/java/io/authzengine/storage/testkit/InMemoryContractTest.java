package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.source.SyncSettings;
import java.util.Map;
import java.util.Set;

class InMemoryContractTest extends StorageDriverContract {
    private final InMemorySource backend = new InMemorySource();

    @Override
    protected StorageDriver open(StorageContext context) {
        return backend.driver("memory-1", SyncSettings.DEFAULT.withRetries(0), context);
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
}

package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.source.SyncSettings;
import io.authzengine.storage.testkit.InMemorySource;
import io.authzengine.storage.testkit.StorageDriverContract;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All documents in one driver, beside another that holds none. */
abstract class CompositeContractTest extends StorageDriverContract {
    private static final SyncSettings SETTINGS = SyncSettings.DEFAULT.withRetries(0);

    private final MergeStrategy strategy;
    private final InMemorySource first = new InMemorySource();
    private final InMemorySource second = new InMemorySource();

    CompositeContractTest(MergeStrategy strategy) {
        this.strategy = strategy;
    }

    /** Returns the backend that holds {@code name}. */
    InMemorySource backend(String name) {
        return second;
    }

    InMemorySource first() {
        return first;
    }

    InMemorySource second() {
        return second;
    }

    @Override
    protected StorageDriver open(StorageContext context) {
        return new CompositeDriverProvider()
                .create(
                        CompositeConfig.of(strategy),
                        List.of(
                                ChildDriver.of(first.driver("first", SETTINGS, context)),
                                ChildDriver.of(second.driver("second", SETTINGS, context))),
                        context);
    }

    @Override
    protected Set<String> origins(StorageDriver driver) {
        return Set.of("first", "second");
    }

    @Override
    protected void put(Map<String, String> documents) {
        for (InMemorySource backend : List.of(first, second)) {
            backend.change(held -> documents.forEach((name, document) -> {
                if (backend(name).equals(backend)) {
                    held.put(name, document);
                }
            }));
        }
    }

    @Override
    protected void remove(Set<String> names) {
        first.change(held -> held.keySet().removeAll(names));
        second.change(held -> held.keySet().removeAll(names));
    }

    @Override
    protected void breakDown() {
        second.goAway();
    }

    @Override
    protected void heal() {
        second.comeBack();
    }
}

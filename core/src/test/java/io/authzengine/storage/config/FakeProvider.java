package io.authzengine.storage.config;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Makes drivers that read what a test wants them to read. */
class FakeProvider implements StorageDriverProvider {
    final List<FakeDriver> made = new ArrayList<>();
    private final String type;
    private final Consumer<DriverConfig> reading;

    FakeProvider(String type, Consumer<DriverConfig> reading) {
        this.type = type;
        this.reading = reading;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public StorageDriver create(DriverConfig config, StorageContext context) {
        String id = config.id().orElse(type);
        reading.accept(config);
        FakeDriver driver = new FakeDriver(id, type);
        made.add(driver);
        return driver;
    }

    /** Found by name in service files that tests write. */
    public static final class Shelf extends FakeProvider {
        public Shelf() {
            super("shelf", config -> {
                config.texts("boards");
                config.verify();
            });
        }
    }

    /** A second one of the same type. */
    public static final class OtherShelf extends FakeProvider {
        public OtherShelf() {
            super("shelf", config -> {});
        }
    }
}

package io.authzengine.storage.driver.blob;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import io.authzengine.storage.driver.WritableDriverProvider;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import java.util.Map;

/**
 * Makes drivers for policies in object stores, and writers of bundles. Thread-safe.
 *
 * @sdd 5.4
 */
public final class BlobDriverProvider implements StorageDriverProvider, WritableDriverProvider {
    @Override
    public String type() {
        return StorageDriver.BLOB;
    }

    @Override
    public StorageDriver create(DriverConfig config, StorageContext context) {
        Staleness staleness = Staleness.read(config);
        return create(BlobSettings.read(config), staleness, context);
    }

    /** Makes a driver without a configuration file; does no I/O yet. */
    public StorageDriver create(BlobConfig config, StorageContext context) {
        return create(config, Staleness.NONE, context);
    }

    private StorageDriver create(BlobConfig config, Staleness staleness, StorageContext context) {
        PolicySource source = config.bundle().isPresent() ? new BundleSource(config) : new ObjectsSource(config);
        SyncSettings settings = SyncSettings.DEFAULT
                .withPollInterval(config.pollInterval())
                .withCallTimeout(config.callTimeout())
                .withStaleness(staleness);
        return new SourceDriver(config.id(), type(), source, settings, context);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Many objects cannot be exchanged at once, so only a bundle can be written.
     */
    @Override
    public PolicyWriter openWriter(DriverConfig config, StorageContext context) {
        Staleness.read(config); // One block is read by both, and nothing grows old while it is written.
        BlobConfig settings = BlobSettings.read(config);
        if (settings.bundle().isEmpty()) {
            throw new IllegalArgumentException(config.path()
                    + ".layout: only a bundle can be written all at once or not at all; set layout: bundle");
        }
        return openWriter(settings, context);
    }

    /**
     * Makes a writer without a configuration file; does no I/O yet.
     *
     * @throws IllegalArgumentException if {@code config} is not for a bundle, or for one that must be signed
     */
    public PolicyWriter openWriter(BlobConfig config, StorageContext context) {
        return new BundleWriter(config, context.clock());
    }

    @Override
    public Map<String, String> settings() {
        return BlobSettings.described();
    }
}

package io.authzengine.storage.driver;

/**
 * Makes writers for backends of one type, for moving policies between backends. Optional: a {@link StorageDriverProvider} implements
 * it if its backend can be written to, and {@link DriverProviders#capability} finds it. Drivers themselves never write. Thread-safe.
 */
public interface WritableDriverProvider {
    /**
     * Makes a writer. Checks the settings and refuses unknown ones; does no I/O yet.
     *
     * @param config the block a driver of this backend would get
     * @param context time, threads and random numbers
     * @throws IllegalArgumentException naming all that is wrong with the settings
     */
    PolicyWriter openWriter(DriverConfig config, StorageContext context);
}

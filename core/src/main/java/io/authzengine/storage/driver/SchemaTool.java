package io.authzengine.storage.driver;

import java.util.List;

/**
 * Makes and checks the structure that drivers of one type need in their backend, such as a table. Optional: a {@link
 * StorageDriverProvider} implements it if its backend has such a thing, and {@link DriverProviders#capability} finds it. Thread-safe.
 */
public interface SchemaTool {
    /** Returns the variants of the structure there are, such as {@code postgresql}, in the order in which to show them. */
    List<String> dialects();

    /**
     * Returns the statements that make the structure in {@code dialect}, with the default names; for people to read and apply.
     *
     * @throws IllegalArgumentException if there is no such dialect
     */
    String ddl(String dialect);

    /**
     * Makes the structure that {@code config} names, and leaves alone what is there already. Blocks.
     *
     * @throws IllegalArgumentException naming all that is wrong with the settings
     * @throws io.authzengine.storage.error.StorageException if that is not possible; what was made until then may be there
     */
    void apply(DriverConfig config, StorageContext context);

    /**
     * Compares what is there with the structure that {@code config} names; changes nothing. Blocks.
     *
     * @return what differs and what follows from it, one sentence each; empty if nothing does
     * @throws IllegalArgumentException naming all that is wrong with the settings
     * @throws io.authzengine.storage.error.StorageException if the backend cannot be looked at
     */
    List<String> check(DriverConfig config, StorageContext context);
}

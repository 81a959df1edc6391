package io.authzengine.storage.driver.blob;

import io.authzengine.storage.driver.DriverConfig;
import java.util.Optional;

/**
 * A kind of object store; found by {@link java.util.ServiceLoader}. A further one is three files: this, its {@link BlobBackend} and its
 * {@link BlobStore}.
 */
public interface BlobStoreProvider {
    /** Returns its name, as written in {@code provider}. */
    String name();

    /**
     * Reads its settings; what is wrong with them is told to {@code credentials}. Does no I/O.
     *
     * @param credentials the block of that name; empty if there is none
     */
    BlobBackend backend(Optional<DriverConfig> credentials);
}

package io.authzengine.storage.driver.blob;

import io.authzengine.storage.error.StorageException;
import java.util.Optional;

/**
 * A bucket of one kind of object store: what is special about its cloud, and nothing else. Thread-safe. Calls block, end soon when
 * interrupted, and throw what {@link BlobErrors} makes of the failures of the client. A store may repeat a call that stumbles once or twice;
 * it does not go on for longer.
 */
public interface BlobStore extends AutoCloseable {
    /**
     * Returns one page of all objects, and of nothing else: no old versions, none that are deleted or not yet complete.
     *
     * @param prefix what their keys begin with
     * @param next of the page before; empty for the first
     * @throws StorageException if there is no answer, or there is no such bucket; never a page that lacks what could not be had
     */
    BlobPage list(String prefix, Optional<String> next);

    /**
     * Returns the content that {@code blob} had when it was listed.
     *
     * @param maxBytes how much of it is wanted; what is longer may be cut after one byte more
     * @return empty if it has another content by now, or has gone
     * @throws StorageException if it cannot be had
     */
    Optional<BlobContent> get(Blob blob, int maxBytes);

    /**
     * Writes an object as a whole, if nobody else has written it meanwhile.
     *
     * @param instead what it must be until now; empty if there must be none
     * @return whether it was written
     * @throws StorageException if it cannot be written, or if that is not known
     */
    boolean put(String key, byte[] content, Optional<Blob> instead);

    /** Frees all that is held; idempotent, and safe while other calls are under way. */
    @Override
    void close();
}

package io.authzengine.storage.it.matrix;

import java.io.IOException;
import java.util.List;

/** An object store that listens, with one bucket. Used by one thread. */
interface ObjectStore extends AutoCloseable {
    /** Returns where it listens now; harm may change that. */
    int port();

    /** Returns the driver's credentials for one who reaches it at {@code port}, as YAML within braces. */
    String credentials(int port);

    /** Writes an object, whatever harm is done. */
    void put(String key, byte[] bytes);

    /** Deletes an object, whatever harm is done. */
    void remove(String key);

    /** Begins to do {@code harm}: killed, revoked or busy. */
    void harm(Harm harm);

    /** Ends doing {@code harm}. */
    void heal(Harm harm);

    /** Returns what may be shown nowhere. */
    List<String> secrets();

    @Override
    void close() throws IOException;
}

package io.authzengine.storage.it.matrix;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real backend with one place for policies, harmed one way at a time. Used by one thread. */
interface BackendUnderTest extends AutoCloseable {
    /** Returns the driver's settings as lines of YAML, {@code type} among them. */
    String settings();

    /** Makes {@code documents} all there is, as one change, by name. */
    void publish(Map<String, String> documents) throws Exception;

    /** Goes back to {@code documents} as this sort of backend does, rather than changing forward to them. */
    default void restore(Map<String, String> documents) throws Exception {
        publish(documents);
    }

    /** Returns the connection to it, if there is one. */
    Optional<Wire> wire();

    /** Begins to do {@code harm}. */
    void harm(Harm harm) throws Exception;

    /** Ends doing {@code harm}. */
    void heal(Harm harm) throws Exception;

    /** Returns what may be shown nowhere. */
    List<String> secrets();

    /** Returns another backend that the same driver is made of and that nobody harms. */
    default Optional<BackendUnderTest> sibling() {
        return Optional.empty();
    }

    @Override
    void close() throws IOException;
}

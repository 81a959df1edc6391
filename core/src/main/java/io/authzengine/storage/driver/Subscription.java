package io.authzengine.storage.driver;

/** Ends what was subscribed to. Closing is idempotent and may be done from within the listener. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Ends the subscription. The listener is not called any more once this returns, but for a call already under way. */
    @Override
    void close();
}

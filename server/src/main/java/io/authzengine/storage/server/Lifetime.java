package io.authzengine.storage.server;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * A command that runs until the process is told to end. From when it is made, a signal closes what the command holds, and leaves the
 * process with the exit code that the system gives such an end. For one thread, but {@link #isEnding} is for any.
 */
final class Lifetime implements AutoCloseable {
    private final Runnable closing;
    // The only way to hear of a signal is a thread that the JVM starts when it ends.
    private final Thread hook = new Thread(this::end, "policyd-end");
    private volatile boolean ending;

    private Lifetime(Runnable... closing) {
        this.closing = () -> Arrays.stream(closing).forEach(Runnable::run);
    }

    /** @param closing what is closed at the end, in this order */
    static Lifetime begin(Runnable... closing) {
        Lifetime lifetime = new Lifetime(closing);
        try {
            Runtime.getRuntime().addShutdownHook(lifetime.hook);
        } catch (IllegalStateException e) {
            lifetime.ending = true; // Told already.
        }
        return lifetime;
    }

    private void end() {
        ending = true;
        closing.run();
    }

    /** Returns whether the process was told to end, so that what fails from now on fails because of that. */
    boolean isEnding() {
        return ending;
    }

    /** Waits for a signal, which does not let it return, or an interruption, at which it closes what the command holds. */
    void untilTold() {
        if (ending) {
            return;
        }
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            close();
            closing.run();
        }
    }

    /** Leaves it to the command again to close what it holds. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            ending = true; // Too late: it closes everything now.
        }
    }
}

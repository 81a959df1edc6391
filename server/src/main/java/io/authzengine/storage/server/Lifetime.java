package io.authzengine.storage.server;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** Keeps a command running until the process is told to end. */
final class Lifetime {
    private Lifetime() {}

    /**
     * Waits for a signal or an interruption, and closes what the command holds, in the order given. A signal leaves the process with the exit code that the
     * system gives such an end; an interruption returns.
     */
    static void untilTold(Runnable... closing) {
        Runnable close = () -> Arrays.stream(closing).forEach(Runnable::run);
        // The only way to hear of a signal is a thread that the JVM starts when it ends.
        Thread hook = new Thread(close, "policyd-end");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // Told already; the process is ending.
        }
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Runtime.getRuntime().removeShutdownHook(hook);
            close.run();
        }
    }
}

package io.authzengine.storage.server;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.error.StorageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a store look at its sources at SIGHUP. */
final class Hangup {
    private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

    private Hangup() {}

    /** From now on SIGHUP does not end the process; where the system has no such signal, nothing happens. */
    static void reloads(PolicyStore store, Executor workers) {
        onSignal("HUP", () -> workers.execute(() -> reload(store)));
    }

    private static void reload(PolicyStore store) {
        LOG.info("SIGHUP: looking at all sources");
        try {
            boolean changed = store.checkAndReload(CheckMode.FORCE);
            LOG.info(
                    "SIGHUP: version {} {}",
                    store.current().version().number(),
                    changed ? "is served now" : "stays: nothing is new, or it was refused");
        } catch (StorageException e) {
            LOG.warn("SIGHUP: version {} stays: {}", store.current().version().number(), e.getMessage());
        } catch (IllegalStateException e) {
            LOG.info("SIGHUP: not done, the store is closed: {}", e.getMessage());
        }
    }

    /** Java has no other way to hear of a signal that does not end it; by reflection, as the compiler refuses to know these classes. */
    private static void onSignal(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object told = Proxy.newProxyInstance(
                    Hangup.class.getClassLoader(), new Class<?>[] {handler}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return method.getReturnType() == int.class ? (Object) System.identityHashCode(self) : null;
                    });
            Object hangup = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, hangup, told);
        } catch (ReflectiveOperationException e) {
            Throwable cause = e instanceof InvocationTargetException target ? target.getTargetException() : e;
            LOG.debug("SIG{} cannot be heard of here: {}", name, cause.getMessage());
        }
    }
}

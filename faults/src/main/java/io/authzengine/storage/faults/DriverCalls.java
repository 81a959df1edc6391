package io.authzengine.storage.faults;

import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls of a driver, and of whatever other interfaces it has, through a gate. */
final class DriverCalls implements InvocationHandler {
    private static final Set<String> UNTOUCHED = Set.of(
            "id",
            "type",
            "start",
            "stop",
            "close",
            "progress",
            "freshness",
            "onAged",
            "answerAge",
            "agedAlready",
            "servedBefore",
            "suppressedUntil");

    private final StorageDriver driver;
    private final CallGate gate;

    private DriverCalls(StorageDriver driver, CallGate gate) {
        this.driver = driver;
        this.gate = gate;
    }

    static StorageDriver around(StorageDriver driver, CallGate gate) {
        return (StorageDriver) Proxy.newProxyInstance(
                driver.getClass().getClassLoader(), Interfaces.of(driver.getClass()), new DriverCalls(driver, gate));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return Interfaces.ofObject(proxy, driver, method, arguments);
        }
        if (UNTOUCHED.contains(method.getName())) {
            return Interfaces.call(method, driver, arguments);
        }
        if (method.getName().equals("watch") && arguments != null) {
            return watch((PolicyChangeListener) arguments[0]);
        }
        try {
            if (method.getName().equals("init")) {
                gate.reconnect();
                return gate.connect("init", () -> Interfaces.called(method, driver, arguments));
            }
            return gate.call(method.getName(), 0, () -> Interfaces.called(method, driver, arguments));
        } catch (InjectedFailure e) {
            if (method.getName().equals("healthCheck")) {
                return unwell(e);
            }
            throw Interfaces.asDeclared(method, e);
        }
    }

    private Subscription watch(PolicyChangeListener listener) {
        EventGate events = new EventGate(gate);
        Subscription subscription = driver.watch(new FaultyListener(listener, events));
        return () -> {
            subscription.close();
            events.close();
        };
    }

    /** Returns the health of a driver that cannot be asked: a health check never throws. */
    private HealthStatus unwell(InjectedFailure failure) {
        HealthStatus.Details known = driver.healthCheck().details();
        String reason = String.valueOf(failure.asStorage().getMessage());
        return new HealthStatus(
                known.policiesLoaded() > 0 ? HealthStatus.Status.DEGRADED : HealthStatus.Status.UNHEALTHY,
                reason,
                new HealthStatus.Details(
                        false, known.lastSync(), known.policiesLoaded(), java.util.List.of(reason), known.latencyMs()));
    }
}

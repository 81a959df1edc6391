package io.authzengine.storage.faults;

import io.authzengine.storage.faults.decision.ActivePolicy;
import io.authzengine.storage.faults.decision.Verdict;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The calls of any interface, each through the gate that its method has, if it has one. */
final class AnyCalls implements InvocationHandler {
    private final Object target;
    private final Function<Method, Optional<CallGate>> gates;

    private AnyCalls(Object target, Function<Method, Optional<CallGate>> gates) {
        this.target = target;
        this.gates = gates;
    }

    static <T> T around(Class<T> type, T target, Function<Method, Optional<CallGate>> gates) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new AnyCalls(target, gates)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return Interfaces.ofObject(proxy, target, method, arguments);
        }
        Optional<CallGate> gate = method.getName().equals("close") ? Optional.empty() : gates.apply(method);
        if (gate.isEmpty()) {
            return Interfaces.call(method, target, arguments);
        }
        if (CompletionStage.class.isAssignableFrom(method.getReturnType())) {
            return callLater(gate.get(), method, arguments);
        }
        try {
            return callNow(gate.get(), method, arguments);
        } catch (InjectedFailure e) {
            throw Interfaces.asDeclared(method, e);
        }
    }

    private @Nullable Object callNow(CallGate gate, Method method, Object @Nullable [] arguments) throws Exception {
        Optional<ActivePolicy> active = gate.active();
        Object result =
                gate.call(method.getName(), size(arguments), () -> Interfaces.called(method, target, arguments));
        return result instanceof byte[] bytes ? gate.result(active, method.getName(), bytes) : result;
    }

    private CompletableFuture<@Nullable Object> callLater(CallGate gate, Method method, Object @Nullable [] arguments) {
        Optional<ActivePolicy> active = gate.active();
        Verdict verdict = gate.decideCall(active, method.getName(), size(arguments));
        CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
        if (Verdicts.isStall(verdict)) {
            return result;
        }
        Runnable call = FaultContext.wrap(() -> {
            if (verdict.outcome().goesOn()) {
                relay(method, arguments, result);
            } else {
                result.completeExceptionally(
                        Interfaces.asDeclared(method, gate.failure(verdict, active, method.getName())));
            }
        });
        if (verdict.delay().isZero()) {
            call.run();
        } else {
            gate.context()
                    .scheduler()
                    .schedule(
                            () -> gate.context().workers().execute(call),
                            verdict.delay().toNanos(),
                            TimeUnit.NANOSECONDS);
        }
        verdict.deadline()
                .ifPresent(limit -> gate.context()
                        .scheduler()
                        .schedule(
                                () -> result.completeExceptionally(Interfaces.asDeclared(
                                        method, gate.failure(Verdicts.timeout(verdict), active, method.getName()))),
                                limit.toNanos(),
                                TimeUnit.NANOSECONDS));
        return result;
    }

    private void relay(Method method, Object @Nullable [] arguments, CompletableFuture<@Nullable Object> result) {
        try {
            Object stage = Interfaces.called(method, target, arguments);
            ((CompletionStage<?>) java.util.Objects.requireNonNull(stage)).whenComplete((value, failure) -> {
                if (failure == null) {
                    result.complete(value);
                } else {
                    Throwable cause = failure.getCause();
                    result.completeExceptionally(
                            failure instanceof CompletionException && cause != null ? cause : failure);
                }
            });
        } catch (Exception e) {
            result.completeExceptionally(e);
        }
    }

    /** Returns the bytes of the arguments that are bytes or text. */
    private static long size(Object @Nullable [] arguments) {
        long size = 0;
        for (Object argument : arguments == null ? new Object[0] : arguments) {
            size += argument instanceof byte[] bytes
                    ? bytes.length
                    : argument instanceof String text ? text.getBytes(StandardCharsets.UTF_8).length : 0;
        }
        return size;
    }
}

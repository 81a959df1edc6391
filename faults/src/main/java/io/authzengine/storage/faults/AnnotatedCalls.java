package io.authzengine.storage.faults;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the gate of a method by its {@link Fault} annotation: one gate for each name. */
final class AnnotatedCalls implements Function<Method, Optional<CallGate>> {
    private final Class<?> target;
    private final Function<String, CallGate> making;
    private final Map<String, CallGate> gates = new ConcurrentHashMap<>();

    private AnnotatedCalls(Class<?> target, Function<String, CallGate> making) {
        this.target = target;
        this.making = making;
    }

    static AnnotatedCalls of(Class<?> target, Function<String, CallGate> making) {
        return new AnnotatedCalls(target, making);
    }

    @Override
    public Optional<CallGate> apply(Method method) {
        return name(method).map(name -> Objects.requireNonNull(gates.computeIfAbsent(name, making)));
    }

    private Optional<String> name(Method method) {
        Optional<Method> own = Interfaces.ownMethod(target, method);
        return named(method.getAnnotation(Fault.class))
                .or(() -> own.flatMap(found -> named(found.getAnnotation(Fault.class))))
                .or(() -> named(method.getDeclaringClass().getAnnotation(Fault.class)))
                .or(() -> named(target.getAnnotation(Fault.class)));
    }

    private static Optional<String> named(@Nullable Fault fault) {
        return Optional.ofNullable(fault).map(Fault::value);
    }
}

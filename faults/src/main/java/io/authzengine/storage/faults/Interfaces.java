package io.authzengine.storage.faults;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What every dynamic proxy needs. */
final class Interfaces {
    private Interfaces() {}

    /** Returns all interfaces that objects of {@code type} have. */
    static Class<?>[] of(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            found.addAll(Arrays.asList(each.getInterfaces()));
        }
        return found.toArray(Class<?>[]::new);
    }

    /** Returns the method of {@code type} that implements {@code method}; empty if it has none of its own. */
    static Optional<Method> ownMethod(Class<?> type, Method method) {
        try {
            return Optional.of(type.getMethod(method.getName(), method.getParameterTypes()));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    /** Makes a call of {@link Object}: a proxy equals itself alone, and reads as what it stands for. */
    static @Nullable Object ofObject(Object proxy, Object target, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> target.toString();
        };
    }

    /** Makes a call; what it throws is thrown as it is. */
    static @Nullable Object call(Method method, Object target, Object @Nullable [] arguments) throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    /** Makes a call; what it throws is thrown as it is, errors included. */
    static @Nullable Object called(Method method, Object target, Object @Nullable [] arguments) throws Exception {
        try {
            return call(method, target, arguments);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns {@code failure} as the network tells it, if {@code method} declares such a thing, and as drivers tell it otherwise. */
    static Exception asDeclared(Method method, InjectedFailure failure) {
        boolean declared = Arrays.stream(method.getExceptionTypes())
                .anyMatch(type -> type.isAssignableFrom(IOException.class) || type.isInstance(failure.asNetwork()));
        return declared ? failure.asNetwork() : failure.asStorage();
    }
}

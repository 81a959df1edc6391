package io.authzengine.storage.testkit;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.PolicyStoreBuilder;
import io.authzengine.storage.faults.Fault;
import io.authzengine.storage.faults.FaultContext;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Gives each test a {@link SimulatedStore} of its own that is running and empty, and closes it. It is asked for as a parameter of the test
 * or of its {@code @BeforeEach}, as {@link SimulatedStore} or as the {@link PolicyStore} in it.
 *
 * <p>{@link Fault} at a test or its class names the fault policy, of those registered with {@link SimulatedStore#faults}, that is in force
 * while the test runs; what is done in {@code @BeforeEach} is spared.
 *
 * <p>{@link PolicyStoreTest} is all that is needed for a store as it is by default; register an extension made by {@link #of} for one with
 * settings or gates of your own.
 */
public final class PolicyStoreExtension implements ParameterResolver, InvocationInterceptor {
    private static final ExtensionContext.Namespace STORE =
            ExtensionContext.Namespace.create(PolicyStoreExtension.class);

    private final UnaryOperator<PolicyStoreBuilder> settings;

    /** Gives stores as they are by default; JUnit makes it. */
    public PolicyStoreExtension() {
        this(UnaryOperator.identity());
    }

    private PolicyStoreExtension(UnaryOperator<PolicyStoreBuilder> settings) {
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /** Returns an extension that gives stores on which {@code settings} was called before they were built. */
    public static PolicyStoreExtension of(UnaryOperator<PolicyStoreBuilder> settings) {
        return new PolicyStoreExtension(settings);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return context.getTestMethod().isPresent() && (type == SimulatedStore.class || type == PolicyStore.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        SimulatedStore simulated = simulated(context);
        return parameter.getParameter().getType() == SimulatedStore.class ? simulated : simulated.store();
    }

    /** One for each test, which JUnit closes with it. */
    private SimulatedStore simulated(ExtensionContext context) {
        return context.getStore(STORE)
                .computeIfAbsent(SimulatedStore.class, type -> SimulatedStore.of(1, settings), SimulatedStore.class);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        underItsFault(test, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        underItsFault(test, context);
    }

    /** A fault is in force for a thread, and this is the one of the test, which may be another than that of the callbacks around it. */
    private void underItsFault(Invocation<Void> test, ExtensionContext context) throws Throwable {
        FaultContext scope =
                fault(context).map(name -> simulated(context).under(name)).orElse(null);
        try {
            test.proceed();
        } finally {
            if (scope != null) {
                scope.close();
            }
        }
    }

    private static Optional<String> fault(ExtensionContext context) {
        Stream<AnnotatedElement> places =
                Stream.of(context.getTestMethod(), context.getTestClass()).flatMap(Optional::stream);
        return places.flatMap(place -> Stream.ofNullable(place.getAnnotation(Fault.class)))
                .map(Fault::value)
                .filter(name -> !name.equals(Fault.AUTO))
                .findFirst();
    }
}

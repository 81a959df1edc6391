package io.authzengine.storage.testkit;

import io.authzengine.storage.testkit.ContractResult.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Writes down how a driver fared: each check with its promise, outcome and time, as {@code target/tck/TEST.json} for programs and
 * {@code target/tck/TEST.md} for people, named after the test class. The configuration parameter {@value #DIRECTORY} says where else they
 * go; an empty one means nowhere.
 */
public final class ContractReport
        implements InvocationInterceptor, LifecycleMethodExecutionExceptionHandler, AfterAllCallback {
    /** The configuration parameter with the directory of reports. */
    public static final String DIRECTORY = "io.authzengine.storage.tck.directory";

    private static final String DEFAULT_DIRECTORY = "target/tck";
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(ContractReport.class);

    /** What was noted of one test class. Its fields are added to by one thread at a time. */
    private static final class Notes {
        final List<ContractResult> results = new CopyOnWriteArrayList<>();
        volatile Optional<String> driver = Optional.empty();
    }

    /** Times a check, and notes how it ended. */
    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext check, ExtensionContext context)
            throws Throwable {
        long begin = System.nanoTime();
        try {
            invocation.proceed();
            note(context, Outcome.PASSED, begin, "");
        } catch (TestAbortedException e) {
            note(context, Outcome.SKIPPED, begin, String.valueOf(e.getMessage()));
            throw e;
        } catch (Throwable e) {
            note(context, Outcome.FAILED, begin, e.toString());
            throw e;
        }
    }

    /** Notes the drivers of the run, which are there once the scenario has begun. */
    @Override
    public <T extends @org.jspecify.annotations.Nullable Object> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> factory, ExtensionContext context)
            throws Throwable {
        context.getTestInstances()
                .flatMap(instances -> instances.findInstance(StorageDriverContract.class))
                .ifPresent(contract -> notes(context).driver =
                        Optional.of(contract.run().driver().type()));
        return invocation.proceed();
    }

    /** Notes that something was left behind by a scenario. */
    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        notes(context)
                .results
                .add(new ContractResult(
                        topic(context),
                        context.getDisplayName(),
                        "Everything ends with the driver.",
                        Outcome.FAILED,
                        Duration.ZERO,
                        failure.toString()));
        throw failure;
    }

    private static void note(ExtensionContext context, Outcome outcome, long begin, String reason) {
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        ExtensionContext scenario = context.getParent().orElse(context); // A dynamic test has no class of its own.
        notes(scenario)
                .results
                .add(new ContractResult(
                        topic(scenario), scenario.getDisplayName(), context.getDisplayName(), outcome, time, reason));
    }

    private static String topic(ExtensionContext context) {
        return context.getRequiredTestClass().getSimpleName();
    }

    private static Notes notes(ExtensionContext context) {
        return context.getRoot().getStore(STORE).computeIfAbsent(outermost(context), name -> new Notes(), Notes.class);
    }

    private static Class<?> outermost(ExtensionContext context) {
        List<Class<?>> enclosing = context.getEnclosingTestClasses();
        return enclosing.isEmpty() ? context.getRequiredTestClass() : enclosing.get(0);
    }

    /** Writes the report once all topics are through. */
    @Override
    public void afterAll(ExtensionContext context) {
        String directory = context.getConfigurationParameter(DIRECTORY).orElse(DEFAULT_DIRECTORY);
        Notes notes = notes(context);
        if (!context.getEnclosingTestClasses().isEmpty() || notes.results.isEmpty() || directory.isEmpty()) {
            return;
        }
        String name = outermost(context).getSimpleName();
        ContractPage page = new ContractPage(name, notes.driver.orElse("unknown"), notes.results);
        try {
            Path target = Files.createDirectories(Path.of(directory));
            Files.writeString(target.resolve(name + ".json"), page.json());
            Files.writeString(target.resolve(name + ".md"), page.markdown());
        } catch (IOException e) {
            throw new UncheckedIOException("the report of the contract cannot be written to " + directory, e);
        }
    }
}

package io.authzengine.storage.faults;

import io.authzengine.storage.faults.decision.ActivePolicy;
import io.authzengine.storage.faults.format.FaultFields;
import io.authzengine.storage.faults.policy.FaultPolicy;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of code in which a fault policy is in force, for all that is bound to {@link Fault#AUTO}. Scopes nest: the innermost
 * counts, and leaving it puts the one around it in force again. To be closed by the thread that opened it, in a
 * try-with-resources statement; {@link #wrap} takes what is in force along to other threads.
 */
public final class FaultContext implements AutoCloseable {
    private static final ThreadLocal<@Nullable FaultContext> CURRENT = new ThreadLocal<>();

    private final @Nullable FaultContext outer;
    private final Supplier<Optional<ActivePolicy>> policy;
    private volatile boolean closed;

    private FaultContext(@Nullable FaultContext outer, Supplier<Optional<ActivePolicy>> policy) {
        this.outer = outer;
        this.policy = policy;
    }

    /** Puts the policy of that name in the shared registry in force; it is looked up at each call. */
    public static FaultContext open(String name) {
        return open(FaultRegistry.shared(), name);
    }

    /** Puts the policy of that name in {@code registry} in force; it is looked up at each call, its clock starts now. */
    public static FaultContext open(FaultRegistry registry, String name) {
        Objects.requireNonNull(name, "name");
        long since = registry.now();
        return enter(() -> registry.resolve(name).map(found -> new ActivePolicy(name, found.policy(), since)));
    }

    /** Puts {@code policy} in force without registering it; its clock starts now. */
    public static FaultContext open(FaultPolicy policy) {
        return open(FaultRegistry.shared(), policy);
    }

    /** Puts {@code policy} in force without registering it; its clock is that of {@code registry} and starts now. */
    public static FaultContext open(FaultRegistry registry, FaultPolicy policy) {
        policy.check();
        Optional<ActivePolicy> active = Optional.of(new ActivePolicy("inline", policy, registry.now()));
        return enter(() -> active);
    }

    /**
     * Puts the policy that {@code fields} describe in force without registering it.
     *
     * @throws IllegalArgumentException naming the field that will not do; what was in force stays
     */
    public static FaultContext open(Map<String, ?> fields) {
        return open(FaultFields.parse("", fields));
    }

    /** Puts nothing in force, whatever scopes there are around. */
    public static FaultContext masked() {
        return enter(Optional::empty);
    }

    private static FaultContext enter(Supplier<Optional<ActivePolicy>> policy) {
        FaultContext scope = new FaultContext(innermost(), policy);
        CURRENT.set(scope);
        return scope;
    }

    /** Returns what is in force on this thread; empty if nothing is. */
    public static Optional<ActivePolicy> current() {
        FaultContext scope = innermost();
        return scope == null ? Optional.empty() : scope.policy.get();
    }

    /** Scopes that were closed out of turn, or by another thread, do not count any more. */
    private static @Nullable FaultContext innermost() {
        FaultContext scope = CURRENT.get();
        while (scope != null && scope.closed) {
            scope = scope.outer;
        }
        return scope;
    }

    /** Returns {@code task}, to be run with what is in force here and now, on whatever thread. */
    public static Runnable wrap(Runnable task) {
        FaultContext captured = innermost();
        return () -> {
            FaultContext before = CURRENT.get();
            set(captured);
            try {
                task.run();
            } finally {
                set(before);
            }
        };
    }

    /** Returns {@code task}, to be called with what is in force here and now, on whatever thread. */
    public static <T> Callable<T> wrap(Callable<T> task) {
        FaultContext captured = innermost();
        return () -> {
            FaultContext before = CURRENT.get();
            set(captured);
            try {
                return task.call();
            } finally {
                set(before);
            }
        };
    }

    /** Returns an executor that runs each task with what is in force where it is handed in. */
    public static Executor wrap(Executor executor) {
        return task -> executor.execute(wrap(task));
    }

    private static void set(@Nullable FaultContext scope) {
        if (scope == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(scope);
        }
    }

    /** Puts the scope around this one in force again. Idempotent; never fails. */
    @Override
    public void close() {
        closed = true;
        set(innermost());
    }
}

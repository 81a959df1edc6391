package io.authzengine.storage.faults;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.faults.decision.ActivePolicy;
import io.authzengine.storage.faults.decision.DecisionLog;
import io.authzengine.storage.faults.decision.FaultCounters;
import io.authzengine.storage.faults.decision.FaultEngine;
import io.authzengine.storage.faults.policy.Endpoint;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.policy.Layer;
import io.authzengine.storage.source.PolicySource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Puts fault policies around calls: of a driver, of a source, or of any interface. Thread-safe. */
public final class Faults {
    private final StorageContext context;
    private final FaultRegistry registry;
    private final FaultEngine engine;

    private Faults(StorageContext context, FaultRegistry registry, FaultEngine engine) {
        this.context = context;
        this.registry = registry;
        this.engine = engine;
    }

    /** Returns faults by the policies of {@code registry}; policies without a seed get one from the context's random numbers. */
    public static Faults of(StorageContext context, FaultRegistry registry) {
        return of(context, registry, context.random().nextLong(), DecisionLog.off());
    }

    /**
     * Returns faults by the policies of {@code registry}.
     *
     * @param context time, threads and waiting
     * @param seed for policies that give none
     * @param log takes the decisions, or gives those of an earlier run
     */
    public static Faults of(StorageContext context, FaultRegistry registry, long seed, DecisionLog log) {
        return new Faults(
                Objects.requireNonNull(context, "context"),
                Objects.requireNonNull(registry, "registry"),
                new FaultEngine(context.ticker(), seed, log));
    }

    /** Returns how often what was decided. */
    public FaultCounters counters() {
        return engine.counters();
    }

    /** Returns the log of decisions. */
    public DecisionLog log() {
        return engine.log();
    }

    /**
     * Returns {@code driver} under faults: {@code init} may fail to connect, each reading and looking call may be late, fail or time
     * out, and what its listeners are told may be late, missing, doubled or out of order. {@code id}, {@code type}, {@code start},
     * {@code stop} and {@code close} are left alone, and {@code healthCheck} says what happened in place of throwing. What the driver
     * does by itself is left alone too: put faults around its source for that.
     *
     * @throws IllegalArgumentException if the policy given asks for what calls cannot do
     */
    public StorageDriver decorate(StorageDriver driver, FaultBinding binding) {
        return DriverCalls.around(driver, gate(binding, driver.id(), driver::type));
    }

    /**
     * Returns {@code source} under faults: {@code open} may fail to connect, each call may be late, fail or time out, documents may be
     * changed before they are parsed, and hints may be late, missing, doubled or out of order. {@code close} is left alone.
     *
     * @param id what messages and targets call it
     * @throws IllegalArgumentException if the policy given asks for what calls cannot do
     */
    public PolicySource decorate(PolicySource source, String id, FaultBinding binding) {
        return new FaultySource(source, gate(binding, id, () -> "source"));
    }

    /**
     * Returns {@code target} with faults around all methods of {@code type}, but for {@code close} and those of {@link Object}. A fault
     * is thrown as the {@link java.io.IOException} it is if the method declares that, and as a {@link
     * io.authzengine.storage.error.StorageException} otherwise; a method that returns a {@link
     * java.util.concurrent.CompletionStage} does not wait, and its stage fails.
     *
     * @throws IllegalArgumentException if {@code type} is no interface, or the policy given asks for what calls cannot do
     */
    public <T> T bind(Class<T> type, T target, FaultBinding binding) {
        CallGate gate = gate(binding, type.getSimpleName(), () -> "interface");
        return AnyCalls.around(type, target, method -> Optional.of(gate));
    }

    /** Returns {@code target} with faults around those methods of {@code type} that {@link Fault} names, there or at the target's class. */
    public <T> T bind(Class<T> type, T target) {
        return AnyCalls.around(
                type,
                target,
                AnnotatedCalls.of(
                        target.getClass(),
                        name -> gate(FaultBinding.named(name), type.getSimpleName(), () -> "interface")));
    }

    /**
     * Returns {@code resolver} under faults: look-ups may be late, time out, or find nothing. Interrupting one ends it.
     *
     * @throws IllegalArgumentException if the policy given has no effect on look-ups
     */
    public HostResolver decorate(HostResolver resolver, FaultBinding binding) {
        binding.policy().ifPresent(policy -> policy.check(Layer.RESOLVER));
        return decorate(resolver, active(binding));
    }

    /** Returns {@code resolver} under the faults of whatever policy {@code active} finds at each look-up. */
    public HostResolver decorate(HostResolver resolver, Supplier<Optional<ActivePolicy>> active) {
        CallGate gate = new CallGate(
                context, engine, engine.session(Layer.RESOLVER), active, Endpoint.UNKNOWN, "dns", () -> "dns");
        return hostname -> gate.lookup(hostname, resolver);
    }

    /** Returns how the policy of {@code binding} is found, for whatever applies policies by itself. */
    public Supplier<Optional<ActivePolicy>> active(FaultBinding binding) {
        if (binding.policy().isPresent()) {
            FaultPolicy policy = binding.policy().get();
            if (policy.equals(FaultPolicy.NONE)) {
                return Optional::empty;
            }
            Optional<ActivePolicy> active = Optional.of(new ActivePolicy("inline", policy, engine.now()));
            return () -> active;
        }
        return binding.name().isPresent()
                ? () -> registry.resolve(binding.name().get())
                : FaultContext::current;
    }

    /** Returns what makes the decisions, for whatever applies policies by itself. */
    public FaultEngine engine() {
        return engine;
    }

    /** Returns time and threads. */
    public StorageContext context() {
        return context;
    }

    private CallGate gate(FaultBinding binding, String id, Supplier<String> type) {
        binding.policy().ifPresent(policy -> policy.check(Layer.CALL));
        return new CallGate(context, engine, engine.session(Layer.CALL), active(binding), binding.endpoint(), id, type);
    }
}

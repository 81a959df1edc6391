package io.authzengine.storage.faults;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.faults.decision.ActivePolicy;
import io.authzengine.storage.faults.decision.FaultEngine;
import io.authzengine.storage.faults.decision.FaultSession;
import io.authzengine.storage.faults.decision.Operation;
import io.authzengine.storage.faults.decision.Verdict;
import io.authzengine.storage.faults.policy.Endpoint;
import io.authzengine.storage.faults.policy.Layer;
import io.authzengine.storage.faults.policy.PayloadMutation;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Lets calls through, each as its policy says. Thread-safe. */
final class CallGate {
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final StorageContext context;
    private final FaultEngine engine;
    private final Supplier<Optional<ActivePolicy>> policy;
    private final Endpoint endpoint;
    private final String id;
    private final Supplier<String> type;
    private volatile FaultSession session; // Replaced by whoever begins a new one.

    CallGate(
            StorageContext context,
            FaultEngine engine,
            FaultSession session,
            Supplier<Optional<ActivePolicy>> policy,
            Endpoint endpoint,
            String id,
            Supplier<String> type) {
        this.context = context;
        this.engine = engine;
        this.policy = policy;
        this.endpoint = endpoint;
        this.id = id;
        this.type = type;
        this.session = session;
    }

    StorageContext context() {
        return context;
    }

    String id() {
        return id;
    }

    /** Begins a new session: what the last one has used up is forgotten. */
    void reconnect() {
        session = engine.session(Layer.CALL);
    }

    /** Returns the policy in force here and now. */
    Optional<ActivePolicy> active() {
        return policy.get();
    }

    Verdict decideCall(Optional<ActivePolicy> active, String operation, long size) {
        return session.decide(active, Operation.send(id + "." + operation, endpoint(operation), size));
    }

    Verdict decideEvent(Optional<ActivePolicy> active, String operation) {
        return session.decide(active, Operation.event(id + "." + operation, endpoint(operation)));
    }

    private Endpoint endpoint(String operation) {
        return endpoint.withCall(called(operation));
    }

    private Endpoint.Call called(String operation) {
        return new Endpoint.Call(type.get(), id, operation);
    }

    /** Makes the call that connects, after looking up where to. */
    <T> T connect(String operation, Callable<T> call) throws Exception {
        Optional<ActivePolicy> active = active();
        if (active.filter(held -> held.policy().hasDnsEffects()).isPresent()) {
            Endpoint name = endpoint.hostname().map(Endpoint::lookup).orElse(Endpoint.UNKNOWN);
            endure(session.decide(active, Operation.lookup(name.withCall(called(operation)))), active, operation);
        }
        Operation connecting = Operation.connect(id + "." + operation, endpoint(operation));
        return perform(session.decide(active, connecting), active, operation, call);
    }

    /** Looks a name up. */
    List<InetAddress> lookup(String hostname, HostResolver resolver) throws UnknownHostException {
        Optional<ActivePolicy> active = active().filter(held -> held.policy().hasDnsEffects());
        try {
            endure(session.decide(active, Operation.lookup(Endpoint.lookup(hostname))), active, hostname);
        } catch (InjectedFailure e) {
            UnknownHostException failure = new UnknownHostException(hostname + ": " + e.getMessage());
            failure.initCause(e.asNetwork());
            throw failure;
        }
        return resolver.resolve(hostname);
    }

    /** Makes any other call. */
    <T> T call(String operation, long size, Callable<T> call) throws Exception {
        Optional<ActivePolicy> active = active();
        return perform(decideCall(active, operation, size), active, operation, call);
    }

    private <T> T perform(Verdict verdict, Optional<ActivePolicy> active, String operation, Callable<T> call)
            throws Exception {
        endure(verdict, active, operation);
        if (verdict.deadline().isEmpty()) {
            return call.call();
        }
        Duration left = verdict.deadline().get().minus(verdict.delay());
        return CallDeadline.within(left, context, () -> failure(Verdicts.timeout(verdict), active, operation), call);
    }

    /**
     * Takes in what a call returned.
     *
     * @return the payload, changed if the policy says so
     */
    byte[] result(Optional<ActivePolicy> active, String operation, byte[] payload) throws InjectedFailure {
        Verdict verdict =
                session.decide(active, Operation.result(id + "." + operation, endpoint(operation), payload.length));
        endure(verdict, active, operation);
        Optional<PayloadMutation> mutation =
                active.flatMap(held -> held.policy().payloadMutation());
        if (verdict.mutation().isEmpty() || mutation.isEmpty() || mutation.get().dryRun()) {
            return payload;
        }
        return mutation.get().apply(payload, verdict.mutation().getAsLong()).orElse(payload);
    }

    /** Waits as long as {@code verdict} says, and fails if it says so. */
    private void endure(Verdict verdict, Optional<ActivePolicy> active, String operation) throws InjectedFailure {
        if (verdict.isClear()) {
            return;
        }
        Duration wait = Verdicts.isStall(verdict) ? FOR_EVER : verdict.delay();
        if (!wait.isZero() && !slept(wait)) {
            Thread.currentThread().interrupt();
            throw InjectedFailure.interrupted(name(active), id, operation);
        }
        if (!verdict.outcome().goesOn()) {
            throw failure(verdict, active, operation);
        }
    }

    private boolean slept(Duration time) {
        try {
            context.waiting().await(new CompletableFuture<Void>(), time);
            return !Thread.interrupted();
        } catch (InterruptedException e) {
            return false;
        }
    }

    InjectedFailure failure(Verdict verdict, Optional<ActivePolicy> active, String operation) {
        return InjectedFailure.of(verdict, name(active), id, operation);
    }

    private static String name(Optional<ActivePolicy> active) {
        return active.map(ActivePolicy::name).orElse("none");
    }
}

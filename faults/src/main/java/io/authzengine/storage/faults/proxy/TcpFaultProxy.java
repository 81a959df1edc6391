package io.authzengine.storage.faults.proxy;

import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.HostResolver;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.policy.Layer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A TCP proxy that treats connections as a fault policy says. Point a driver at {@link #address} in place of its backend.
 *
 * <p>What is lost is late, as in TCP nothing can be missing: it comes after 200 ms, twice that if the next is lost too, and so on; or the
 * connection is reset, by {@code loss_mode}. A name asked for in TLS is read from what the client says first, and never decrypted.
 *
 * <p>Thread-safe. One worker of the context serves all connections; a policy that is put in force holds for every decision from then on,
 * also in connections that are open.
 */
public final class TcpFaultProxy implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Faults faults;
    private final ProxyLoop loop;

    private TcpFaultProxy(Faults faults, ProxyLoop loop) {
        this.faults = faults;
        this.loop = loop;
    }

    /**
     * Starts a proxy.
     *
     * @throws IOException if it cannot listen there
     * @throws IllegalArgumentException if the policy given asks for what connections cannot do
     */
    public static TcpFaultProxy start(Faults faults, ProxyRoute route, FaultBinding binding) throws IOException {
        return start(faults, route, binding, HostResolver.system());
    }

    /**
     * Starts a proxy that looks up its backend with {@code resolver}, under the faults of the policy.
     *
     * @throws IOException if it cannot listen there
     * @throws IllegalArgumentException if the policy given asks for what connections cannot do
     */
    public static TcpFaultProxy start(Faults faults, ProxyRoute route, FaultBinding binding, HostResolver resolver)
            throws IOException {
        check(binding);
        ProxyLoop loop = ProxyLoop.open(faults, route, faults.active(binding), resolver);
        faults.context().workers().execute(loop);
        return new TcpFaultProxy(faults, loop);
    }

    private static void check(FaultBinding binding) {
        binding.policy().ifPresent(policy -> policy.check(Layer.PROXY));
    }

    /** Returns where it listens. */
    public InetSocketAddress address() {
        return loop.address();
    }

    /** Returns the port on which it listens. */
    public int port() {
        return address().getPort();
    }

    /**
     * Puts {@code policy} in force in place of what was; its clock starts now.
     *
     * @throws IllegalArgumentException if it asks for what connections cannot do; what was in force stays
     */
    public void apply(FaultPolicy policy) {
        bind(FaultBinding.of(policy));
    }

    /** Puts what {@code binding} finds in force in place of what was. */
    public void bind(FaultBinding binding) {
        check(binding);
        loop.policy(faults.active(binding));
    }

    /** Puts no policy in force; what was held up goes on as it was decided. */
    public void clear() {
        apply(FaultPolicy.NONE);
    }

    /** Resets all connections that are open. Returns at once. */
    public void resetAll() {
        loop.resetAll();
    }

    /** Returns what it has done so far. */
    public ProxyStats stats() {
        return loop.stats();
    }

    /** Stops listening, resets all connections and waits until its thread is free. Idempotent. */
    @Override
    public void close() {
        try {
            faults.context().waiting().await(loop.close(), CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

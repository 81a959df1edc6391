package io.authzengine.storage.it.matrix;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.proxy.ProxyRoute;
import io.authzengine.storage.faults.proxy.TcpFaultProxy;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A proxy between a driver and its backend that can also be taken away and put back at its port. Used by one thread. */
final class Wire implements AutoCloseable {
    private final StorageContext context = StorageContext.create("wire");
    private final Faults faults = Faults.of(context, new FaultRegistry(context.ticker(), FaultRegistry.Missing.THROWS));
    private int backend;
    private TcpFaultProxy proxy;
    private InetSocketAddress address;

    private Wire(int backend) throws IOException {
        this.backend = backend;
        this.proxy = start(ProxyRoute.to("127.0.0.1", backend));
        this.address = proxy.address();
    }

    static Wire to(int backend) throws IOException {
        return new Wire(backend);
    }

    private TcpFaultProxy start(ProxyRoute route) throws IOException {
        return TcpFaultProxy.start(faults, route, FaultBinding.of(FaultPolicy.NONE));
    }

    int port() {
        return address.getPort();
    }

    /** Refuses connections and resets those there are. */
    void cut() {
        proxy.close();
    }

    /** Accepts connections again. */
    void mend() throws IOException {
        proxy = start(new ProxyRoute(address, "127.0.0.1", backend));
    }

    /** Leads to another port from now on. */
    void leadTo(int port) throws IOException {
        backend = port;
        cut();
        mend();
    }

    /** Breaks the connections there are; new ones are accepted. */
    void resetAll() {
        proxy.resetAll();
    }

    void apply(FaultPolicy policy) {
        proxy.apply(policy);
    }

    void clear() {
        proxy.clear();
    }

    /** Returns how many bytes have come from the backend since the wire was last mended. */
    long received() {
        return proxy.stats().bytesDown();
    }

    /** Returns how often {@code what} was decided. */
    long decided(String what) {
        return faults.counters().count(what);
    }

    @Override
    public void close() {
        proxy.close();
        context.close();
    }
}

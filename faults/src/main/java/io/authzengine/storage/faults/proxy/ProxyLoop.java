package io.authzengine.storage.faults.proxy;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.HostResolver;
import io.authzengine.storage.faults.decision.ActivePolicy;
import io.authzengine.storage.faults.decision.FaultSession;
import io.authzengine.storage.faults.policy.Endpoint;
import io.authzengine.storage.faults.policy.Layer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of a proxy: accepts, waits for what is ready or due, and hands it to its connection. */
final class ProxyLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyLoop.class);
    private static final int BUFFER = 64 * 1024;
    private static final long NANOS_A_MILLI = 1_000_000;

    /** Something that is due at a time. */
    private record Alarm(long dueAt, Runnable task) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            return Long.compare(dueAt, other.dueAt);
        }
    }

    private final Faults faults;
    private final ProxyRoute route;
    private final HostResolver resolver;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final InetSocketAddress address;
    private final Queue<Runnable> handedIn = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicLong accepted = new AtomicLong();
    final AtomicLong bytesUp = new AtomicLong();
    final AtomicLong bytesDown = new AtomicLong();
    private volatile Supplier<Optional<ActivePolicy>> policy;
    private volatile boolean closed;
    private volatile int open; // Written by the loop.
    // For the loop's thread alone:
    final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private final Set<ProxyConnection> connections = new HashSet<>();

    private ProxyLoop(
            Faults faults,
            ProxyRoute route,
            Supplier<Optional<ActivePolicy>> policy,
            HostResolver resolver,
            Selector selector,
            ServerSocketChannel server)
            throws IOException {
        this.faults = faults;
        this.route = route;
        this.policy = policy;
        this.selector = selector;
        this.server = server;
        this.address = (InetSocketAddress) server.getLocalAddress();
        this.resolver = faults.decorate(resolver, this::active);
    }

    static ProxyLoop open(
            Faults faults, ProxyRoute route, Supplier<Optional<ActivePolicy>> policy, HostResolver resolver)
            throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.bind(route.listen());
            server.configureBlocking(false);
            Selector selector = Selector.open();
            server.register(selector, SelectionKey.OP_ACCEPT);
            return new ProxyLoop(faults, route, policy, resolver, selector, server);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    void policy(Supplier<Optional<ActivePolicy>> next) {
        policy = next;
    }

    Optional<ActivePolicy> active() {
        return policy.get();
    }

    ProxyStats stats() {
        return new ProxyStats(
                open,
                accepted.get(),
                bytesUp.get(),
                bytesDown.get(),
                faults.counters().counts());
    }

    long now() {
        return faults.engine().now();
    }

    void resetAll() {
        handIn(() -> List.copyOf(connections).forEach(ProxyConnection::reset));
    }

    CompletableFuture<Void> close() {
        closed = true;
        selector.wakeup();
        return ended;
    }

    /** Has {@code task} run by the loop's thread. */
    private void handIn(Runnable task) {
        handedIn.add(task);
        selector.wakeup();
    }

    /** Has {@code task} run after {@code delay}. For the loop's thread. */
    void after(Duration delay, Runnable task) {
        at(now() + delay.toNanos(), task);
    }

    /** Has {@code task} run at {@code dueAt}. For the loop's thread. */
    void at(long dueAt, Runnable task) {
        alarms.add(new Alarm(dueAt, task));
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                turn();
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("The proxy to {}:{} has ended by itself", route.host(), route.port(), e);
        } finally {
            end();
        }
    }

    private void turn() throws IOException {
        Alarm next = alarms.peek();
        if (next == null) {
            selector.select();
        } else if (next.dueAt() - now() > 0) {
            selector.select(1 + (next.dueAt() - now()) / NANOS_A_MILLI);
        } else {
            selector.selectNow();
        }
        for (Runnable task = handedIn.poll(); task != null; task = handedIn.poll()) {
            task.run();
        }
        long now = now();
        for (Alarm alarm = alarms.peek(); alarm != null && alarm.dueAt() - now <= 0; alarm = alarms.peek()) {
            alarms.remove();
            alarm.task().run();
        }
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.attachment() instanceof ProxyConnection connection) {
                connection.ready(key);
            } else if (key.isValid() && key.isAcceptable()) {
                accept();
            }
        }
        selector.selectedKeys().clear();
    }

    private void accept() throws IOException {
        for (SocketChannel client = server.accept(); client != null; client = server.accept()) {
            accepted.incrementAndGet();
            FaultSession session = faults.engine().session(Layer.PROXY);
            ProxyConnection connection = ProxyConnection.of(this, session, client, selector);
            connections.add(connection);
            open = connections.size();
            lookUp(connection);
        }
    }

    void ended(ProxyConnection connection) {
        connections.remove(connection);
        open = connections.size();
    }

    /** Looking up a name may block, so it is for another worker; the connection goes on here. */
    private void lookUp(ProxyConnection connection) {
        StorageContext context = faults.context();
        context.workers().execute(() -> {
            try {
                InetAddress found = resolver.resolve(route.host()).get(0);
                handIn(() -> connection.dial(
                        new InetSocketAddress(found, route.port()),
                        Endpoint.tcp(route.host(), route.port()).withAddress(found)));
            } catch (IOException | RuntimeException e) {
                LOG.debug("There is no way to {}", route.host(), e);
                handIn(connection::reset);
            }
        });
    }

    private void end() {
        closed = true;
        List.copyOf(connections).forEach(ProxyConnection::reset);
        try {
            server.close();
            selector.close();
        } catch (IOException e) {
            LOG.debug("A proxy did not close in order", e);
        }
        ended.complete(null);
    }
}

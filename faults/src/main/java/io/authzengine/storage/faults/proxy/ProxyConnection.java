package io.authzengine.storage.faults.proxy;

import io.authzengine.storage.faults.decision.ActivePolicy;
import io.authzengine.storage.faults.decision.FaultSession;
import io.authzengine.storage.faults.decision.Operation;
import io.authzengine.storage.faults.decision.Outcome;
import io.authzengine.storage.faults.decision.Verdict;
import io.authzengine.storage.faults.policy.Direction;
import io.authzengine.storage.faults.policy.Endpoint;
import io.authzengine.storage.faults.policy.PayloadMutation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client and its backend, with a pipe each way. For the loop's thread alone. */
final class ProxyConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyConnection.class);

    /** Something to be done that may find the connection broken. */
    private interface Step {
        void run() throws IOException;
    }

    /** The backend's side, once it is there. */
    private record Backend(SelectionKey key, Pipe up, Pipe down) {}

    private final ProxyLoop loop;
    private final FaultSession session;
    private final SocketChannel client;
    private final SelectionKey clientKey;
    private final ClientHello hello = new ClientHello();
    private Endpoint endpoint = Endpoint.UNKNOWN;
    private @Nullable SocketChannel upstream;
    private @Nullable Backend backend;
    private boolean silent; // What still comes is swallowed.
    private boolean closed;
    private long passed; // Counts what passes, to see whether a response came.

    private ProxyConnection(ProxyLoop loop, FaultSession session, SocketChannel client, SelectionKey clientKey) {
        this.loop = loop;
        this.session = session;
        this.client = client;
        this.clientKey = clientKey;
    }

    static ProxyConnection of(ProxyLoop loop, FaultSession session, SocketChannel client, Selector selector)
            throws IOException {
        client.configureBlocking(false);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        ProxyConnection connection = new ProxyConnection(loop, session, client, client.register(selector, 0));
        connection.clientKey.attach(connection);
        return connection;
    }

    /** Connects to the backend, as the policy says. */
    void dial(InetSocketAddress address, Endpoint to) {
        step(() -> {
            endpoint = to;
            Verdict verdict = session.decide(loop.active(), Operation.connect("connect", endpoint));
            if (verdict.outcome() == Outcome.TIMEOUT) {
                loop.after(verdict.delay(), this::reset);
            } else if (!verdict.outcome().goesOn()) {
                reset();
            } else if (verdict.delay().isZero()) {
                connect(address, verdict.deadline());
            } else {
                Optional<Duration> left = verdict.deadline().map(limit -> limit.minus(verdict.delay()));
                loop.after(verdict.delay(), () -> step(() -> connect(address, left)));
            }
        });
    }

    private void connect(InetSocketAddress address, Optional<Duration> limit) throws IOException {
        SocketChannel channel = SocketChannel.open();
        upstream = channel;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(address);
        channel.register(clientKey.selector(), SelectionKey.OP_CONNECT, this);
        limit.ifPresent(time -> loop.after(time, () -> {
            if (backend == null) {
                reset();
            }
        }));
    }

    /** Does what its channels are ready for. */
    void ready(SelectionKey key) {
        step(() -> {
            if (key.isValid() && key.isConnectable()) {
                connected(key);
            }
            Backend there = backend;
            if (there != null && key.isValid()) {
                if (key.isReadable()) {
                    read(key == clientKey ? there.up() : there.down());
                }
                settle();
            }
        });
    }

    private void connected(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        if (channel.finishConnect()) {
            backend = new Backend(
                    key,
                    new Pipe(Direction.UPLINK, client, channel, loop.bytesUp),
                    new Pipe(Direction.DOWNLINK, channel, client, loop.bytesDown));
        }
    }

    private void read(Pipe pipe) throws IOException {
        ByteBuffer buffer = loop.buffer;
        boolean more = true;
        while (more && !closed && !pipe.isFull()) {
            buffer.clear();
            int count = pipe.read(buffer);
            buffer.flip();
            more = count == buffer.capacity();
            if (count < 0 && silent) {
                close();
            } else if (count > 0 && !silent) {
                pass(pipe, buffer);
            }
        }
    }

    private void pass(Pipe pipe, ByteBuffer bytes) throws IOException {
        boolean up = pipe.direction() == Direction.UPLINK;
        if (up) {
            hello.offer(bytes).ifPresent(name -> endpoint = endpoint.withSni(name));
        }
        Optional<ActivePolicy> active = loop.active();
        Operation operation = up
                ? Operation.send("up", endpoint, bytes.remaining())
                : Operation.receive("down", endpoint, bytes.remaining());
        Verdict verdict = session.decide(active, operation);
        if (!verdict.outcome().goesOn()) {
            end(verdict);
            return;
        }
        passed++;
        if (up) {
            verdict.deadline().ifPresent(this::awaitResponse);
        }
        pipe.send(changed(bytes, verdict, active), verdict.delay(), loop.now());
    }

    private void end(Verdict verdict) {
        switch (verdict.outcome()) {
            case DROP -> close();
            case STALL -> silent = true;
            case TIMEOUT -> {
                silent = true;
                loop.after(verdict.delay(), this::close);
            }
            default -> reset();
        }
    }

    /** Ends the connection unless anything passes within {@code limit}. */
    private void awaitResponse(Duration limit) {
        long request = passed;
        loop.after(limit, () -> {
            if (passed == request) {
                close();
            }
        });
    }

    private static ByteBuffer changed(ByteBuffer bytes, Verdict verdict, Optional<ActivePolicy> active) {
        Optional<PayloadMutation> mutation =
                active.flatMap(held -> held.policy().payloadMutation());
        if (verdict.mutation().isEmpty() || mutation.isEmpty() || mutation.get().dryRun()) {
            return bytes;
        }
        byte[] payload = new byte[bytes.remaining()];
        bytes.duplicate().get(payload);
        return mutation.get()
                .apply(payload, verdict.mutation().getAsLong())
                .map(ByteBuffer::wrap)
                .orElse(bytes);
    }

    /** Writes what is due, and says what to wait for next. */
    private void settle() throws IOException {
        Backend there = backend;
        if (closed || there == null) {
            return;
        }
        boolean upBlocked = flush(there.up());
        boolean downBlocked = flush(there.down());
        if (there.up().isOver() && there.down().isOver()) {
            close();
            return;
        }
        clientKey.interestOps(interest(there.up(), downBlocked));
        there.key().interestOps(interest(there.down(), upBlocked));
    }

    private boolean flush(Pipe pipe) throws IOException {
        boolean blocked = pipe.flush(loop.now());
        pipe.newAlarm().ifPresent(due -> loop.at(due, () -> step(this::settle)));
        return blocked;
    }

    private static int interest(Pipe from, boolean blocked) {
        return (from.wantsMore() ? SelectionKey.OP_READ : 0) | (blocked ? SelectionKey.OP_WRITE : 0);
    }

    private void step(Step step) {
        if (closed) {
            return;
        }
        try {
            step.run();
        } catch (IOException e) {
            LOG.debug("A connection broke", e);
            reset();
        } catch (RuntimeException e) {
            LOG.error("A connection is reset, as it cannot be treated as its policy says", e);
            reset();
        }
    }

    /** Ends both sides as if this machine had been torn from the network. */
    void reset() {
        linger(client);
        if (upstream != null) {
            linger(upstream);
        }
        close();
    }

    private static void linger(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            LOG.trace("It was closed already", e);
        }
    }

    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        close(client);
        if (upstream != null) {
            close(upstream);
        }
        loop.ended(this);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A connection did not close in order", e);
        }
    }
}

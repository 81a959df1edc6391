package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.server.view.ChangeSetView;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * Hands each change to every reader of {@code GET /api/policies/stream}. A reader has a queue of its own; one that does not keep up is cut
 * off and may come again, when it is told at once what it missed.
 *
 * <p>A stream begins with an event {@code policy-version}. Where the request names a version that is remembered as {@code Last-Event-ID},
 * the step from there follows as one {@code policy-change} whose cause is {@code resync}. Numbers begin again when policyd
 * does, so a reader that was away compares digests.
 */
final class ChangeStream implements AutoCloseable {
    private static final int MAX_READERS = 200;

    private final PolicyStore store;
    private final StorageContext context;
    private final Duration heartbeat;
    private final Set<StreamReader> readers = ConcurrentHashMap.newKeySet();
    private final Subscription subscription;
    private volatile boolean closed;

    ChangeStream(PolicyStore store, StorageContext context, Duration heartbeat) {
        this.store = store;
        this.context = context;
        this.heartbeat = heartbeat;
        this.subscription = store.subscribe(this::onEvent);
    }

    private void onEvent(StoreEvent event) {
        if (event instanceof StoreEvent.Updated updated && !readers.isEmpty()) {
            String digest = store.history()
                    .find(updated.version().number())
                    .map(PolicySnapshot::digest)
                    .orElse(null);
            send(StreamFrame.change(ChangeSetView.of(updated.changes(), updated.at(), digest)));
        }
    }

    /** Queues {@code frame} for every reader. Never waits. */
    void send(StreamFrame frame) {
        readers.forEach(reader -> reader.offer(frame));
    }

    /** Answers a request for the stream. */
    void open(Context request) {
        if (closed || readers.size() >= MAX_READERS) {
            throw new HttpResponseException(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "There are as many readers of the stream as policyd serves; come again later",
                    Map.of());
        }
        request.res().setContentType("text/event-stream;charset=utf-8");
        request.res().setHeader("Cache-Control", "no-cache");
        request.res().setHeader("X-Accel-Buffering", "no"); // Proxies would wait for a full buffer.
        if (!request.method().equals(HandlerType.GET)) {
            return;
        }
        EndPoint connection = ServletContextRequest.getServletContextRequest(request.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        StreamReader reader = new StreamReader(request.res(), heartbeat, connection::close, readers::remove);
        Optional<Long> lastSeen = version(request.header("Last-Event-ID"));
        readers.add(reader);
        // Registered before the version is read: a swap in between is then told twice, and skipped once, but never
        // missed.
        greet(reader, store.current(), lastSeen);
        if (closed) {
            reader.end();
        }
        request.future(() -> {
            context.workers().execute(reader);
            return reader.done();
        });
    }

    private static Optional<Long> version(@Nullable String header) {
        try {
            return header == null ? Optional.empty() : Optional.of(Long.parseLong(header.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty(); // An id of some other server's; the reader begins anew.
        }
    }

    private void greet(StreamReader reader, PolicySnapshot current, Optional<Long> lastSeen) {
        long number = current.version().number();
        StreamFrame greeting = StreamFrame.greeting(number, current.digest(), current.size());
        Optional<StreamFrame> missed = lastSeen.filter(seen -> seen < number)
                .flatMap(store.history()::find)
                .map(before -> PolicyChangeSet.between(
                        before.policies(),
                        current.policies(),
                        "store",
                        number,
                        "resync",
                        current.version().createdAt()))
                .map(changes -> StreamFrame.change(
                        ChangeSetView.of(changes, current.version().createdAt(), current.digest())));
        reader.greet(number, greeting, missed);
    }

    /** Returns how many read at present. */
    int readers() {
        return readers.size();
    }

    /** Ends all streams. Idempotent. */
    @Override
    public void close() {
        closed = true;
        subscription.close();
        readers.forEach(StreamReader::end);
    }
}

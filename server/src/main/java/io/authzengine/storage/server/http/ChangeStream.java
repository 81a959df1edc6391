package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * Hands each change to every reader of {@code GET /api/policies/stream}. A reader has a queue of its own and no thread; one that does not keep up is cut
 * off and may come again, when it is told at once what it missed.
 *
 * <p>A stream begins with an event {@code policy-version}. Ids are {@code PROCESS-VERSION}, since numbers begin again when policyd does. Where
 * the request has as {@code Last-Event-ID} an id of this process whose version is remembered, the step from there follows as one
 * {@code policy-change} whose cause is {@code resync}. With any other id the first event says {@code "resync": true}: the reader then
 * fetches the list anew.
 */
final class ChangeStream implements AutoCloseable {
    private static final int MAX_READERS = 5_000;

    private final PolicyStore store;
    private final String process;
    private final Set<StreamReader> readers = ConcurrentHashMap.newKeySet();
    private final Subscription subscription;
    private final Future<?> beating;
    private volatile boolean closed;

    ChangeStream(PolicyStore store, StorageContext context, Duration heartbeat) {
        this.store = store;
        this.process = HexFormat.of().toHexDigits(context.random().nextInt());
        this.subscription = store.subscribe(this::onEvent);
        this.beating = context.scheduler()
                .scheduleWithFixedDelay(
                        () -> context.workers().execute(() -> readers.forEach(StreamReader::beat)),
                        heartbeat.toMillis(),
                        heartbeat.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void onEvent(StoreEvent event) {
        if (event instanceof StoreEvent.Updated updated && !readers.isEmpty()) {
            String digest = store.history()
                    .find(updated.version().number())
                    .map(PolicySnapshot::digest)
                    .orElse(null);
            String id = id(updated.version().number());
            // Most readers want the same, and what is the same is made once.
            Map<StreamFilter, StreamFrame> frames = new HashMap<>();
            readers.forEach(reader -> reader.offer(frames.computeIfAbsent(
                    reader.filter(), filter -> filter.frame(id, updated.changes(), updated.at(), digest))));
        }
    }

    /** Queues {@code frame} for every reader. Never waits. */
    void send(StreamFrame frame) {
        readers.forEach(reader -> reader.offer(frame));
    }

    /** Answers a request for the stream. */
    void open(Context request) {
        StreamFilter filter = StreamFilter.of(request);
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
        ServletContextRequest servlet = ServletContextRequest.getServletContextRequest(request.req());
        EndPoint connection = servlet.getConnectionMetaData().getConnection().getEndPoint();
        StreamReader reader =
                new StreamReader(servlet.getServletContextResponse(), filter, connection::close, readers::remove);
        Optional<String> lastId =
                Optional.ofNullable(request.header("Last-Event-ID")).map(String::strip);
        // Registered before the version is read: a swap in between is then told twice, and skipped once, but never
        // missed.
        readers.add(reader);
        // Begun before the request is made to wait: one that cannot wait any more ends by its first write.
        CompletableFuture<@Nullable Void> over = greet(reader, store.current(), lastId);
        request.future(() -> over);
        if (closed) {
            reader.end();
        }
    }

    /** Returns what a reader names to come again where it left off; another process, whose numbers begin anew, does not know it. */
    private String id(long version) {
        return process + "-" + version;
    }

    /** Returns the version that {@code lastId} names; empty if it is of another process, or none at all. */
    private Optional<Long> version(String lastId) {
        String ours = process + "-";
        try {
            return lastId.startsWith(ours)
                    ? Optional.of(Long.parseLong(lastId.substring(ours.length())))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // Made up by someone; the reader begins anew.
        }
    }

    private CompletableFuture<@Nullable Void> greet(
            StreamReader reader, PolicySnapshot shown, Optional<String> lastId) {
        long number = shown.version().number();
        // A set that is blocked for its age is not deleted: the stream tells of versions, health tells of ages.
        PolicySnapshot current = store.history().find(number).orElse(shown);
        Optional<Long> lastSeen = lastId.flatMap(this::version);
        Optional<StreamFrame> missed = lastSeen.filter(seen -> seen < number)
                .flatMap(store.history()::find)
                .map(before -> PolicyChangeSet.between(
                        before.policies(),
                        current.policies(),
                        "store",
                        number,
                        "resync",
                        current.version().createdAt()))
                .map(changes -> reader.filter()
                        .frame(id(number), changes, current.version().createdAt(), current.digest()));
        boolean told = lastId.isEmpty() || lastSeen.equals(Optional.of(number)) || missed.isPresent();
        // With an id of its own before what was missed, a reader cut off in between would never ask for it.
        Optional<String> id = missed.isPresent() ? Optional.empty() : Optional.of(id(number));
        return reader.begin(number, StreamFrame.greeting(id, current, !told), missed);
    }

    /** Returns how many read at present. */
    int readers() {
        return readers.size();
    }

    /** Ends all streams. Idempotent. */
    @Override
    public void close() {
        closed = true;
        beating.cancel(false);
        subscription.close();
        readers.forEach(StreamReader::end);
    }
}

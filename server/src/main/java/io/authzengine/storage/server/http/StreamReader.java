package io.authzengine.storage.server.http;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader of the stream: a queue, and one write at a time of what is in it. No thread is its own: whoever queues something begins to
 * write, and whoever learns that the network took it goes on. So a reader that does not read costs memory, and nobody's time.
 */
final class StreamReader extends IteratingCallback {
    private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);
    private static final int QUEUE_SIZE = 256;

    private final Response response;
    private final StreamFilter filter;
    private final Runnable abort;
    private final Consumer<StreamReader> whenOver;
    private final BlockingQueue<StreamFrame> queue = new ArrayBlockingQueue<>(QUEUE_SIZE);
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    // What begins the stream; set before it is first written to.
    private @Nullable StreamFrame greeting;
    private @Nullable StreamFrame missed;

    private volatile boolean begun;

    // Only within process(), which runs once at a time.
    private long sent;
    private boolean ended;

    /**
     * @param abort breaks the connection, and with it a write that does not come back
     * @param whenOver told when the stream has ended, in whatever way
     */
    StreamReader(Response response, StreamFilter filter, Runnable abort, Consumer<StreamReader> whenOver) {
        this.response = response;
        this.filter = filter;
        this.abort = abort;
        this.whenOver = whenOver;
    }

    /** Begins to write: {@code first} before anything else; changes that lead to {@code version} or less are known by it. */
    CompletableFuture<@Nullable Void> begin(long version, StreamFrame first, Optional<StreamFrame> next) {
        sent = version;
        greeting = first;
        missed = next.orElse(null);
        begun = true;
        iterate();
        return done;
    }

    /** Returns what it wants to hear of. */
    StreamFilter filter() {
        return filter;
    }

    /** Queues {@code frame}, or cuts the reader off if it has not kept up. Never waits. */
    void offer(StreamFrame frame) {
        if (!queue.offer(frame)) {
            LOG.info("A reader of the event stream did not keep up and was cut off");
            queue.clear();
            queue.offer(StreamFrame.END); // For a write that has just come back; the others fail.
            abort.run();
        }
        if (begun) {
            iterate();
        }
    }

    /** Shows that the stream is still there, unless something is on its way that shows it. */
    void beat() {
        if (queue.isEmpty()) {
            offer(StreamFrame.HEARTBEAT);
        }
    }

    /** Ends the stream after what is queued; a reader that does not keep up is cut off. */
    void end() {
        offer(StreamFrame.END);
    }

    @Override
    protected Action process() {
        StreamFrame next = next();
        if (next == null) {
            return ended ? Action.SUCCEEDED : Action.IDLE;
        }
        response.write(false, next.bytes(), this);
        return Action.SCHEDULED;
    }

    private @Nullable StreamFrame next() {
        StreamFrame first = greeting;
        greeting = null;
        if (first == null) {
            first = missed;
            missed = null;
        }
        while (first == null && !ended) {
            first = queue.poll();
            if (first == null) {
                return null;
            }
            ended = first == StreamFrame.END;
            if (first.version() != 0 && first.version() <= sent) {
                first = null; // It was told already.
            }
        }
        if (first != null) {
            sent = Math.max(sent, first.version());
        }
        return first;
    }

    @Override
    protected void onCompleteSuccess() {
        over();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        LOG.debug("A reader of the event stream is gone", cause);
        over();
    }

    private void over() {
        whenOver.accept(this);
        done.complete(null);
    }
}

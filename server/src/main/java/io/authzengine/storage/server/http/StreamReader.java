package io.authzengine.storage.server.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One reader of the stream: a queue, and a thread that writes what is in it. */
final class StreamReader implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);
    private static final int QUEUE_SIZE = 256;

    private final HttpServletResponse response;
    private final Duration heartbeat;
    private final Runnable abort;
    private final Consumer<StreamReader> whenOver;
    private final BlockingQueue<StreamFrame> queue = new ArrayBlockingQueue<>(QUEUE_SIZE);
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    private Optional<StreamFrame> greeting = Optional.empty(); // Set before the writing thread starts.
    private Optional<StreamFrame> missed = Optional.empty(); // As above.
    private long sent; // The writing thread's, once it runs.

    /**
     * @param abort breaks the connection, and with it a write that does not come back
     * @param whenOver told when the stream has ended, in whatever way
     */
    StreamReader(HttpServletResponse response, Duration heartbeat, Runnable abort, Consumer<StreamReader> whenOver) {
        this.response = response;
        this.heartbeat = heartbeat;
        this.abort = abort;
        this.whenOver = whenOver;
    }

    /** Sets what is written before anything else; changes that lead to {@code version} or less are known by it. */
    void greet(long version, StreamFrame first, Optional<StreamFrame> next) {
        sent = version;
        greeting = Optional.of(first);
        missed = next;
    }

    /** Returns what is done when the stream has ended, in whatever way; never fails. */
    CompletableFuture<@Nullable Void> done() {
        return done;
    }

    /** Queues {@code frame}, or cuts the reader off if it has not kept up. Never waits. */
    void offer(StreamFrame frame) {
        if (!queue.offer(frame)) {
            LOG.info("A reader of the event stream did not keep up and was cut off");
            cutOff();
        }
    }

    /** Ends the stream after what is queued; a reader that does not keep up is cut off. */
    void end() {
        offer(StreamFrame.END);
    }

    private void cutOff() {
        queue.clear();
        queue.offer(StreamFrame.END); // For a writer that has just come back; the others fail.
        abort.run();
    }

    @Override
    public void run() {
        try {
            ServletOutputStream out = response.getOutputStream();
            write(out, greeting.orElseThrow());
            if (missed.isPresent()) {
                write(out, missed.get());
            }
            writeAsItComes(out);
        } catch (IOException e) {
            LOG.debug("A reader of the event stream is gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The process ends.
        } finally {
            whenOver.accept(this);
            done.complete(null);
        }
    }

    private void writeAsItComes(ServletOutputStream out) throws IOException, InterruptedException {
        while (true) {
            StreamFrame next = queue.poll(heartbeat.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                write(out, StreamFrame.HEARTBEAT);
            } else if (next == StreamFrame.END) {
                write(out, next);
                return;
            } else if (next.version() > sent) {
                write(out, next);
                sent = next.version();
            }
        }
    }

    private static void write(ServletOutputStream out, StreamFrame frame) throws IOException {
        frame.writeTo(out);
        out.flush();
    }
}

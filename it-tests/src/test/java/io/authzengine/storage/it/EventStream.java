package io.authzengine.storage.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Reads server-sent events: the data of each event named {@code policy-change}. */
final class EventStream implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;
    private static final String END = "the stream ended";

    private final Stream<String> lines;
    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();

    private EventStream(Stream<String> lines) {
        this.lines = lines;
    }

    static EventStream open(HttpClient client, URI uri) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<Stream<String>> response = client.send(request, BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new AssertionError(uri + " answers " + response.statusCode());
        }
        EventStream stream = new EventStream(response.body());
        Thread reading = new Thread(stream::read, "events");
        reading.setDaemon(true);
        reading.start();
        return stream;
    }

    private void read() {
        String[] event = {""};
        try {
            lines.forEach(line -> {
                if (line.startsWith("event: ")) {
                    event[0] = line.substring("event: ".length());
                } else if (line.startsWith("data: ") && event[0].equals("policy-change")) {
                    changes.add(line.substring("data: ".length()));
                }
            });
        } catch (java.io.UncheckedIOException e) {
            changes.add(END + ": " + e.getMessage());
        }
        changes.add(END);
    }

    /** Waits for the next change. */
    String next() throws InterruptedException {
        String change = changes.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (change == null) {
            throw new AssertionError("no event came");
        }
        return change;
    }

    /** Returns whether no change is waiting to be read. */
    boolean isQuiet() {
        return changes.isEmpty();
    }

    @Override
    public void close() {
        lines.close();
    }
}

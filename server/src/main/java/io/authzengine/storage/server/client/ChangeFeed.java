package io.authzengine.storage.server.client;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Reads the stream of changes, and goes on after the last event where it broke off. For one thread, which is told on others while it waits. */
public final class ChangeFeed {
    private final PolicydClient client;
    private final BiConsumer<String, String> events;
    private final StringBuilder data = new StringBuilder();
    private Optional<String> last = Optional.empty();
    private String event = "message";
    private boolean begun;

    /** @param events told the type and the data of each */
    public ChangeFeed(PolicydClient client, BiConsumer<String, String> events) {
        this.client = client;
        this.events = events;
    }

    /**
     * Tells of all events until the connection ends; called again, it goes on where it ended.
     *
     * @throws ServerException if there is no connection, or it breaks off
     */
    public void readToEnd() {
        data.setLength(0);
        event = "message";
        begun = false;
        try {
            client.stream(last, this::line);
        } catch (ServerException e) {
            if (begun && e.getCause() instanceof IOException broken) {
                throw new ServerException(e.kind(), "the stream broke off: " + broken.getMessage(), e);
            }
            throw e;
        }
    }

    private void line(String line) {
        begun = true;
        if (line.isEmpty()) {
            if (data.length() > 0) {
                events.accept(event, data.toString());
            }
            data.setLength(0);
            event = "message";
        } else if (line.startsWith("id:")) {
            last = Optional.of(value(line));
        } else if (line.startsWith("event:")) {
            event = value(line);
        } else if (line.startsWith("data:")) {
            data.append(value(line));
        }
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1).strip();
    }
}

package io.authzengine.storage.server.http;

import io.authzengine.storage.server.view.ChangeSetView;
import io.authzengine.storage.server.view.Json;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A piece of the event stream as it goes over the wire, made once for all readers. Immutable. */
final class StreamFrame {
    static final StreamFrame HEARTBEAT = text(0, ": still here\n\n");
    /** Ends a stream. */
    static final StreamFrame END = text(0, ": policyd ends\n\n");

    private static final String RECONNECT_MILLIS = "1000";

    private final long version;
    private final byte[] utf8;

    private StreamFrame(long version, byte[] utf8) {
        this.version = version;
        this.utf8 = utf8;
    }

    private record Greeting(long version, String digest, int policies, boolean resync) {}

    /**
     * Returns what a stream begins with.
     *
     * @param id what the reader names if it comes again; empty if it must not yet
     * @param resync whether the reader missed something that no event will tell it
     */
    static StreamFrame greeting(Optional<String> id, PolicySnapshot current, boolean resync) {
        Greeting greeting = new Greeting(current.version().number(), current.digest(), current.size(), resync);
        return text(
                0,
                "retry: " + RECONNECT_MILLIS + id.map(value -> "\nid: " + value).orElse("")
                        + "\nevent: policy-version\ndata: " + Json.line(greeting) + "\n\n");
    }

    /** Returns a change; JSON on one line has no line ends of its own, so one data line holds it. */
    static StreamFrame change(String id, ChangeSetView changes) {
        return text(changes.version(), "id: " + id + "\nevent: policy-change\ndata: " + Json.line(changes) + "\n\n");
    }

    /** Returns what tells a reader of nothing but the {@code version} it has reached. */
    static StreamFrame nothing(String id, long version) {
        return text(version, "id: " + id + "\n\n");
    }

    private static StreamFrame text(long version, String text) {
        return new StreamFrame(version, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the version it leads to; 0 if it leads nowhere. */
    long version() {
        return version;
    }

    /** Returns what is written, for one reader. */
    ByteBuffer bytes() {
        return ByteBuffer.wrap(utf8);
    }
}

package io.authzengine.storage.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.authzengine.storage.server.client.ChangeFeed;
import io.authzengine.storage.server.client.PolicydClient;
import io.authzengine.storage.server.client.ServerException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Prints the changes of a policyd that runs, as long as it runs and when it runs again. */
final class RemoteWatch {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Map<String, String> SIGNS = Map.of("added", "+", "modified", "~", "deleted", "-");
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OutputOption output;
    private final PrintWriter out;
    private final PrintWriter err;
    private final ChangeFeed feed;
    private boolean greeted;
    private boolean lost;

    RemoteWatch(PolicydClient client, OutputOption output, PrintWriter out, PrintWriter err) {
        this.output = output;
        this.out = out;
        this.err = err;
        this.feed = new ChangeFeed(client, this::event);
    }

    /** Goes on until it is interrupted; without a first connection, throws. */
    int untilTold() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                feed.readToEnd();
                lose("the stream has ended");
            } catch (ServerException e) {
                if (!greeted || e.kind() != ServerException.Kind.UNAVAILABLE) {
                    throw e;
                }
                lose(String.valueOf(e.getMessage()));
            }
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        return ExitCode.OK;
    }

    private void lose(String why) {
        if (!lost && !Thread.currentThread().isInterrupted()) {
            lost = true;
            err.println("policyd: " + Printable.text(why) + "; trying again each second");
            err.flush();
        }
    }

    private void event(String type, String data) {
        try {
            JsonNode node = MAPPER.readTree(data);
            if (type.equals("policy-change")) {
                print(node);
            } else if (type.equals("policy-version")) {
                greet(node);
            }
        } catch (JsonProcessingException e) {
            err.println("policyd: an event that is no JSON was left out");
        }
    }

    private void greet(JsonNode greeting) {
        String missed = greeting.path("resync").asBoolean() ? "; changes in between were missed" : "";
        err.println("policyd: " + (greeted ? "back, " : "watching ")
                + Counted.of(greeting.path("policies").asLong(), "policy") + ", version "
                + greeting.path("version").asText() + missed + (greeted ? "" : "; Ctrl-C ends"));
        err.flush();
        greeted = true;
        lost = false;
    }

    private void print(JsonNode changes) {
        if (!output.isTable()) {
            output.printOneOfMany(out, changes);
            return;
        }
        for (JsonNode change : changes.path("changes")) {
            out.println(Printable.text(RemoteTable.seconds(changes, "at") + " "
                    + SIGNS.getOrDefault(change.path("type").asText(), "?") + " "
                    + change.path("policyId").asText() + " version "
                    + changes.path("version").asText()));
        }
        out.flush();
    }
}

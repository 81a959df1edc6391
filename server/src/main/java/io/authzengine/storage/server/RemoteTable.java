package io.authzengine.storage.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Prints for people what a policyd that runs has answered. */
final class RemoteTable {
    private static final String[] TYPES = {"added", "modified", "deleted"};
    private static final String[] SIGNS = {"+", "~", "-"};

    private RemoteTable() {}

    /** Returns {@code +1 ~2 -3}; empty if {@code changes} says nothing. */
    static String counts(JsonNode changes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < TYPES.length; i++) {
            JsonNode one = changes.path(TYPES[i]);
            int count = one.isArray() ? one.size() : one.asInt();
            if (count > 0) {
                text.append(text.length() == 0 ? "" : " ").append(SIGNS[i]).append(count);
            }
        }
        return text.toString();
    }

    /** Prints a line for each policy of {@code changes}, however they are grouped; returns how many. */
    static int changes(JsonNode changes, PrintWriter out) {
        int printed = 0;
        for (int i = 0; i < TYPES.length; i++) {
            for (JsonNode one : changes.path(TYPES[i])) {
                change(SIGNS[i], one, out);
                printed++;
            }
            for (JsonNode one : changes.path("changes")) {
                if (one.path("type").asText().equals(TYPES[i])) {
                    change(SIGNS[i], one, out);
                    printed++;
                }
            }
        }
        return printed;
    }

    private static void change(String sign, JsonNode one, PrintWriter out) {
        String id = one.isTextual() ? one.asText() : one.path("policyId").asText();
        String source = one.path("source").asText("");
        out.println(Printable.text(sign + " " + id + (source.isEmpty() ? "" : "  " + source)));
    }

    /** Prints findings as a compiler would, without their lines of text, which are elsewhere. */
    static void findings(JsonNode findings, PrintWriter out) {
        for (JsonNode finding : findings) {
            int line = finding.path("line").asInt();
            String place = finding.path("file").asText()
                    + (line == 0
                            ? ""
                            : ":" + line + ":" + finding.path("column").asInt());
            out.println(Printable.text(place + ": " + finding.path("severity").asText("error") + "["
                    + finding.path("code").asText() + "]: "
                    + finding.path("message").asText()));
            if (finding.hasNonNull("fix")) {
                out.println(Printable.text("  = help: " + finding.path("fix").asText()));
            }
        }
    }

    /** Returns a time without fractions of a second; empty if it is not there. */
    static String seconds(JsonNode node, String field) {
        String time = text(node, field);
        return time.isEmpty()
                ? ""
                : Instant.parse(time).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Returns what a failure says; most name their code themselves. */
    static String failure(JsonNode failure) {
        String code = text(failure, "code");
        String message = text(failure, "message");
        return message.startsWith(code) ? message : code + " " + message;
    }

    /** Returns the text of a field; empty if it is not there. */
    static String text(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.path(field).asText() : "";
    }
}

package io.authzengine.storage.faults.decision;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.authzengine.storage.faults.policy.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A log of decisions in a file: one JSON object a line, compressed with gzip. */
public final class DecisionFile {
    private static final JsonFactory JSON = new JsonFactory();

    private DecisionFile() {}

    /** Writes {@code decisions} to {@code file}, replacing what it held. */
    public static void write(Path file, List<FaultDecision> decisions) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(new GZIPOutputStream(Files.newOutputStream(file)))) {
            json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
            for (FaultDecision decision : decisions) {
                write(json, decision);
            }
        }
    }

    private static void write(JsonGenerator json, FaultDecision decision) throws IOException {
        Verdict verdict = decision.verdict();
        json.writeStartObject();
        json.writeNumberField("sequence", decision.sequence());
        json.writeStringField("site", decision.site());
        json.writeStringField("policy", decision.policy());
        json.writeStringField("decision", verdict.outcome().name());
        json.writeNumberField("delay", verdict.delay().toNanos());
        json.writeNumberField("copies", verdict.copies());
        if (verdict.error().isPresent()) {
            json.writeStringField("error", verdict.error().get().name());
        }
        if (verdict.deadline().isPresent()) {
            json.writeNumberField("deadline", verdict.deadline().get().toNanos());
        }
        if (verdict.mutation().isPresent()) {
            json.writeNumberField("mutation", verdict.mutation().getAsLong());
        }
        if (verdict.heldBack().isPresent()) {
            json.writeNumberField("heldBack", verdict.heldBack().get().toNanos());
        }
        json.writeEndObject();
    }

    /**
     * Returns the decisions in {@code file}, in order.
     *
     * @throws IOException if it cannot be read, or is not such a log
     */
    public static List<FaultDecision> read(Path file) throws IOException {
        List<FaultDecision> decisions = new ArrayList<>();
        try (JsonParser json = JSON.createParser(new GZIPInputStream(Files.newInputStream(file)))) {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                Map<String, String> fields = new HashMap<>();
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    json.nextToken();
                    fields.put(name, json.getText());
                }
                decisions.add(decision(fields));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is not a log of fault decisions: " + e.getMessage(), e);
        }
        return decisions;
    }

    private static FaultDecision decision(Map<String, String> fields) {
        Verdict verdict = new Verdict(
                Outcome.valueOf(field(fields, "decision")),
                Duration.ofNanos(Long.parseLong(field(fields, "delay"))),
                Optional.ofNullable(fields.get("error")).map(ErrorKind::valueOf),
                nanos(fields, "deadline"),
                fields.containsKey("mutation")
                        ? OptionalLong.of(Long.parseLong(field(fields, "mutation")))
                        : OptionalLong.empty(),
                Integer.parseInt(field(fields, "copies")),
                nanos(fields, "heldBack"));
        return new FaultDecision(
                Long.parseLong(field(fields, "sequence")), field(fields, "site"), field(fields, "policy"), verdict);
    }

    private static Optional<Duration> nanos(Map<String, String> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(Long::parseLong).map(Duration::ofNanos);
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a decision lacks \"" + name + "\"");
        }
        return value;
    }
}

package io.authzengine.storage.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Lists the versions that were served. */
@Command(
        name = "history",
        description = {
            "Lists the versions that a running policyd has served and remembers.",
            "The latest is first; * is the one being served. With --at, the one that was served at that moment."
        },
        footer = {
            "  policyd history",
            "  policyd history --at 2026-03-01T09:00:00Z",
            "  policyd history --server https://policyd.internal:8181 --output json | jq '.items[0].digest'"
        })
final class HistoryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "A moment, such as 2026-03-01T09:00:00Z.")
    private @Nullable Instant at;

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    /** Reads a moment. */
    private static final class Moment implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String value) {
            try {
                return Instant.parse(value);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "expected a moment in UTC such as 2026-03-01T09:00:00Z, got " + value);
            }
        }
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode answer = server.client().get(at == null ? "/api/versions" : "/api/as-of?at=" + at);
        if (output.isTable()) {
            table(answer).print(out);
            out.flush();
        } else {
            output.print(out, answer);
        }
        return ExitCode.OK;
    }

    private static Table table(JsonNode answer) {
        Table table = new Table("VERSION", "SERVED SINCE", "POLICIES", "CHANGES", "CAUSE", "AUTHOR", "COMMENT");
        if (answer.has("items")) {
            JsonNode current = answer.path("current");
            long number = (current.isObject() ? current.path("number") : current).asLong();
            answer.path("items").forEach(item -> add(item, number, table));
        } else {
            add(answer, 0, table);
        }
        return table;
    }

    private static void add(JsonNode item, long current, Table table) {
        long number = item.path("number").asLong();
        String back = item.hasNonNull("rolledBackTo")
                ? "back to " + item.path("rolledBackTo").asText()
                : "";
        String comment = RemoteTable.text(item, "comment");
        table.add(
                (number == current ? "* " : "  ") + number,
                RemoteTable.seconds(item, "createdAt"),
                RemoteTable.text(item, "policies"),
                RemoteTable.counts(item.path("changes")),
                RemoteTable.text(item, "cause"),
                RemoteTable.text(item, "author"),
                back.isEmpty() || comment.isEmpty() ? back + comment : back + ": " + comment);
    }
}

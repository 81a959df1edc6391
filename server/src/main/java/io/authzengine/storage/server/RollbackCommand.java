package io.authzengine.storage.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Serves an earlier version again. */
@Command(
        name = "rollback",
        description = {
            "Lets a running policyd serve an earlier version again, as a new one.",
            "The source is followed again as soon as it moves on; 'policyd pin' keeps that from happening.",
            "With --dry-run nothing is served, and what would change is shown."
        },
        footer = {
            "  policyd rollback previous --reason 'denies all of finance' --dry-run",
            "  policyd rollback previous --reason 'denies all of finance'",
            "  policyd rollback 12 --reason 'as approved on Monday' --author ada"
        })
final class RollbackCommand implements Callable<Integer> {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final String PREVIOUS = "previous";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "VERSION", description = "The version: its number, or previous.")
    private String version = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; kept in the history.")
    private String reason = "";

    @Option(names = "--author", paramLabel = "NAME", description = "Who; kept in the history.")
    private @Nullable String author;

    @Option(names = "--dry-run", description = "Shows what would change and serves nothing.")
    private boolean dryRun;

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        JsonNode answer = server.client().post("/api/rollback", body());
        PrintWriter out = spec.commandLine().getOut();
        if (!output.isTable()) {
            output.print(out, answer);
            return ExitCode.OK;
        }
        RemoteTable.changes(answer.path("changes"), out);
        String counts = RemoteTable.counts(answer.path("changes"));
        out.println(
                dryRun
                        ? "nothing was done; without --dry-run version "
                                + answer.path("to").asText() + " would be served again"
                                + (counts.isEmpty() ? "" : " (" + counts + ")")
                        : "version " + answer.path("to").asText() + " is served again, as version "
                                + answer.path("version").asText() + " with "
                                + Counted.of(answer.path("policies").asLong(), "policy"));
        out.flush();
        return ExitCode.OK;
    }

    private Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        if (NUMBER.matcher(version).matches()) {
            body.put("version", Long.parseLong(version));
        } else if (version.equals(PREVIOUS)) {
            body.put("version", PREVIOUS);
        } else {
            throw new ParameterException(
                    spec.commandLine(), "VERSION: expected a number, or previous; 'policyd history' shows them");
        }
        body.put("reason", reason);
        if (author != null) {
            body.put("author", author);
        }
        if (dryRun) {
            body.put("dryRun", true);
        }
        return body;
    }
}

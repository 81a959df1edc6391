package io.authzengine.storage.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how two versions differ. */
@Command(
        name = "diff",
        description = {
            "Shows how two versions differ that a running policyd remembers.",
            "First + for added, ~ for modified, - for deleted, then what changed in the text.",
            "With --output json, modified policies have a JSON Patch (RFC 6902) too."
        },
        footer = {
            "  policyd diff previous current",
            "  policyd diff 12",
            "  policyd diff 12 14 --policy resource.leave_request.vdefault"
        })
final class DiffCommand implements Callable<Integer> {
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String BLUE = "\u001b[34m";
    private static final String PLAIN = "\u001b[0m";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "FROM", description = "A version: its number, current or previous.")
    private String from = "";

    @Parameters(
            index = "1",
            paramLabel = "TO",
            defaultValue = "current",
            description = "The other version. Default: current.")
    private String to = "";

    @Option(names = "--policy", paramLabel = "ID", description = "Only this policy.")
    private @Nullable String policy;

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        String query =
                "?from=" + encoded(from) + "&to=" + encoded(to) + (policy == null ? "" : "&policy=" + encoded(policy));
        JsonNode diff = server.client().get("/api/diff" + query);
        if (!output.isTable()) {
            output.print(out, diff);
            return ExitCode.OK;
        }
        if (RemoteTable.changes(diff, out) == 0) {
            out.println("no difference");
        }
        boolean colours = Terminal.outShowsColours();
        for (JsonNode modified : diff.path("modified")) {
            out.println();
            modified.path("text").asText().lines().forEach(line -> out.println(painted(line, colours)));
        }
        out.flush();
        return ExitCode.OK;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String painted(String line, boolean colours) {
        String text = Printable.text(line);
        String colour = line.startsWith("@@") ? BLUE : line.startsWith("+") ? GREEN : line.startsWith("-") ? RED : "";
        return colours && !colour.isEmpty() ? colour + text + PLAIN : text;
    }
}

package io.authzengine.storage.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.authzengine.storage.server.view.ReloadsView;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says where the time of the last reload went. */
@Command(
        name = "why-slow",
        description = {
            "Says where a running policyd spent the time of its last reload, and what the longest part depends on.",
            "What passes before a look begins is no part of it: the interval of polls, or the quiet period after a file event.",
            "Exit code 1 if nothing was loaded yet."
        },
        footer = {
            "  policyd reload --force && policyd why-slow",
            "  policyd why-slow --output json | jq '.last.phases | max_by(.tookMillis)'"
        })
final class WhySlowCommand implements Callable<Integer> {
    private static final String WAITING = "waiting";
    private static final Map<String, String> ADVICE = Map.ofEntries(
            Map.entry("open", "making the connection: the network, names, credentials; for Git also the first clone"),
            Map.entry(
                    "watch", "asking to be told of changes: how many directories there are, or the connection for it"),
            Map.entry("list", "asking the backend what there is: its answer, or how much it is asked for"),
            Map.entry("read", "fetching documents: the backend, or the way to it"),
            Map.entry("parse", "parsing documents: their number and size, or a machine with little to spare"),
            Map.entry("compare", "comparing what was read with what was there: the number of documents"),
            Map.entry("merge", "putting together what several drivers hold: the number of policies"),
            Map.entry("gates", "judging the set: a gate of your own, if there is one, or the number of policies"),
            Map.entry("swap", "making the set what is served: a machine with little to spare"),
            Map.entry(WAITING, "waiting for another driver or another change, or for a machine with little to spare"));

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        JsonNode answer = server.client().get("/api/reloads");
        PrintWriter out = spec.commandLine().getOut();
        if (output.isTable()) {
            print(answer, out);
            out.flush();
        } else {
            output.print(out, answer);
        }
        return answer.path("last").isObject() ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private static void print(JsonNode answer, PrintWriter out) {
        JsonNode last = answer.path("last");
        if (last.isObject()) {
            print(last, out, longest(last));
        } else {
            out.println("nothing was loaded yet");
        }
        JsonNode underWay = answer.path("underWay");
        if (underWay.isObject()) {
            out.println("reading now: " + underWay.path("done").asText() + " of "
                    + underWay.path("total").asText() + " documents");
        }
        JsonNode failure = answer.path("lastError");
        if (failure.isObject()) {
            out.println(Printable.text(
                    "the last look failed: " + failure.path("code").asText() + " "
                            + failure.path("message").asText()));
        }
    }

    private static void print(JsonNode last, PrintWriter out, String longest) {
        out.println("version " + last.path("version").asText() + " "
                + outcome(last.path("outcome").asText())
                + " after " + time(last.path("tookMillis").asDouble()) + " ("
                + Printable.text(last.path("cause").asText()) + ", "
                + RemoteTable.seconds(last, "endedAt") + ")");
        Table table = new Table("PHASE", "TIME", "SHARE", "ITEMS", "DRIVER");
        double total = last.path("tookMillis").asDouble();
        for (JsonNode part : last.path("phases")) {
            boolean counts = part.path("of").asText().equals(ReloadsView.TOTAL);
            double took = part.path("tookMillis").asDouble();
            table.add(
                    label(part),
                    time(took),
                    counts ? share(took, total) : "",
                    RemoteTable.text(part, "items"),
                    RemoteTable.text(part, "driver"));
        }
        double waited = last.path("waitedMillis").asDouble();
        if (waited > total / 100) {
            table.add(WAITING, time(waited), share(waited, total), "", "");
        }
        table.print(out);
        out.println("longest: " + ADVICE.getOrDefault(longest, longest));
    }

    private static String outcome(String outcome) {
        return switch (outcome) {
            case "served" -> "was served";
            case "refused" -> "stayed, what was found was refused,";
            default -> "stayed, nothing was new,";
        };
    }

    private static String label(JsonNode part) {
        String phase = part.path("phase").asText();
        return switch (part.path("of").asText()) {
            case ReloadsView.READ -> "  " + phase + ", meanwhile";
            case ReloadsView.AFTERWARDS -> phase + ", afterwards";
            default -> phase;
        };
    }

    /** Returns the phase that most of the time went to. Reading that is mostly parsing is parsing. */
    private static String longest(JsonNode last) {
        String longest = WAITING;
        double most = last.path("waitedMillis").asDouble();
        for (JsonNode part : last.path("phases")) {
            double took = part.path("tookMillis").asDouble();
            String of = part.path("of").asText();
            if (of.equals(ReloadsView.TOTAL) && took > most) {
                longest = part.path("phase").asText();
                most = took;
            } else if (of.equals(ReloadsView.READ) && longest.equals("read") && took > most / 2) {
                longest = part.path("phase").asText();
            }
        }
        return longest;
    }

    private static String share(double took, double total) {
        return total == 0 ? "" : Math.round(100 * took / total) + " %";
    }

    private static String time(double millis) {
        return millis < 1000
                ? String.format(Locale.ROOT, "%.1f ms", millis)
                : String.format(Locale.ROOT, "%.2f s", millis / 1000);
    }
}

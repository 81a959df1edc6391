package io.authzengine.storage.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says how a policyd is doing. */
@Command(
        name = "health",
        description = {
            "Says how a running policyd is doing, and what to mend.",
            "Exit code 0 if it is healthy or degraded, 1 if it is unhealthy, 3 if it does not answer. With --strict, degraded is 1 too.",
            "With --ready, for probes: 0 while policies are served, 1 while not. Refused credentials make it unhealthy, not unready."
        },
        footer = {
            "  policyd health",
            "  policyd health --strict && deploy",
            "  policyd health --ready",
            "  policyd health --server http://10.0.0.7:8181 --token-file token --output yaml"
        })
final class HealthCommand implements Callable<Integer> {
    private static final String HEALTHY = "healthy";
    private static final String DEGRADED = "degraded";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--strict", description = "Counts degraded as a failure.")
    private boolean strict;

    @Option(
            names = "--ready",
            description = "Asks only whether policies are served; wants no token. Not together with --strict.")
    private boolean ready;

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        if (ready && strict) {
            throw new ParameterException(
                    spec.commandLine(), "--ready and --strict ask different things; give one of them");
        }
        return ready ? readiness() : health();
    }

    private int readiness() {
        JsonNode answer = server.client().getEvenIfUnavailable("/health/ready");
        boolean serves = answer.path("ready").asBoolean();
        PrintWriter out = spec.commandLine().getOut();
        if (output.isTable()) {
            out.println(Printable.text((serves ? "ready: " : "not ready: ") + summary(answer)));
            out.flush();
        } else {
            output.print(out, answer);
        }
        return serves ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private int health() {
        JsonNode health = server.client().getEvenIfUnavailable("/health");
        PrintWriter out = spec.commandLine().getOut();
        if (output.isTable()) {
            print(health, out);
            out.flush();
        } else {
            output.print(out, health);
        }
        String status = health.path("status").asText();
        boolean well = status.equals(HEALTHY) || (status.equals(DEGRADED) && !strict);
        return well ? ExitCode.OK : ExitCode.FINDINGS;
    }

    /** Most messages say which version is served. */
    private static String summary(JsonNode health) {
        String message = RemoteTable.text(health, "message");
        String version = "version " + health.path("version").asText();
        return message.contains("serving " + version + ":")
                ? message
                : version + ", " + Counted.of(health.path("policies").asLong(), "policy")
                        + (message.isEmpty() ? "" : "; " + message);
    }

    private static void print(JsonNode health, PrintWriter out) {
        out.println(Printable.text(health.path("status").asText() + ": " + summary(health)));
        Table table = new Table("DRIVER", "STATUS", "MESSAGE");
        for (Map.Entry<String, JsonNode> driver : health.path("drivers").properties()) {
            table.add(
                    driver.getKey(),
                    RemoteTable.text(driver.getValue(), "status"),
                    RemoteTable.text(driver.getValue(), "message"));
        }
        table.print(out);
        RemoteTable.findings(health.path("held").path("findings"), out);
        if (health.hasNonNull("lastError")) {
            out.println(Printable.text("last error: " + RemoteTable.failure(health.path("lastError"))));
        }
    }
}

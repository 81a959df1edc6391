package io.authzengine.storage.server;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Stops following the source. */
@Command(
        name = "pin",
        description = "Keeps what a running policyd serves, whatever its source says, until 'policyd unpin'.",
        footer = {"  policyd pin --reason 'audit until Friday'", "  policyd unpin --reason 'audit is over'"})
final class PinCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; shown in the status.")
    private String reason = "";

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        return Asked.post(server, "/api/pin", Map.of("reason", reason))
                .tell(output, spec, answer -> "what is served stays, until 'policyd unpin'");
    }
}

package io.authzengine.storage.server;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Follows the source again. */
@Command(
        name = "unpin",
        description = "Lets a running policyd follow its source again after 'policyd pin'.",
        footer = "  policyd unpin --reason 'audit is over'")
final class UnpinCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; kept in the audit log.")
    private String reason = "";

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        return Asked.post(server, "/api/unpin", Map.of("reason", reason))
                .tell(output, spec, answer -> "the source is followed again");
    }
}

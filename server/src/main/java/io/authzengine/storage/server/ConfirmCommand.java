package io.authzengine.storage.server;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lets a set pass that lost many policies. */
@Command(
        name = "confirm",
        description = {
            "Lets a running policyd serve a set that it holds back because many policies would disappear.",
            "Look at it first: 'policyd health' says how many, 'policyd plan --server URL' says which."
        },
        footer = "  policyd confirm")
final class ConfirmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        return Asked.post(server, "/api/confirm", Map.of())
                .tell(
                        output,
                        spec,
                        answer -> answer.path("changed").asBoolean()
                                ? "version " + answer.path("version").asText() + " is served"
                                : "nothing was waiting to be confirmed; version "
                                        + answer.path("version").asText() + " stays");
    }
}

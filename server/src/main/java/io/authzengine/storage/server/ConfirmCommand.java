package io.authzengine.storage.server;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a set pass that lost many policies. */
@Command(
        name = "confirm",
        description = {
            "Lets a running policyd serve a set that it holds back because many policies would disappear.",
            "Look at it first: 'policyd plan' says which, and by which DIGEST to confirm them.",
            "If another set is held back by then, neither is served, and the exit code is 1."
        },
        footer = {"  policyd plan", "  policyd confirm e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        })
final class ConfirmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIGEST", description = "What was looked at, as 'policyd plan' calls it.")
    private String digest = "";

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        return Asked.post(server, "/api/confirm", Map.of("digest", digest))
                .tell(
                        output,
                        spec,
                        answer -> answer.path("changed").asBoolean()
                                ? "version " + answer.path("version").asText() + " is served"
                                : "nothing was waiting to be confirmed; version "
                                        + answer.path("version").asText() + " stays");
    }
}

package io.authzengine.storage.server;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at the source now. */
@Command(
        name = "reload",
        description = "Lets a running policyd look at its source now, and says what came of it. SIGHUP does the same.",
        footer = {"  policyd reload", "  policyd reload --force"})
final class ReloadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--force",
            description =
                    "Reads everything again, whatever the source says has changed, and also in a pause after failures.")
    private boolean force;

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        return Asked.post(server, "/api/reload", Map.of("force", force))
                .tell(
                        output,
                        spec,
                        answer -> "version " + answer.path("version").asText()
                                + (answer.path("changed").asBoolean() ? " is served now" : " stays: nothing is new"));
    }
}

package io.authzengine.storage.server;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.server.view.PolicyListView;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what would be served. */
@Command(
        name = "list",
        description = "Lists the policies that a configuration leads to.",
        footer = {"  policyd list storage.yaml", "  policyd list storage.yaml --output json | jq -r '.items[].id'"})
final class ListCommand implements Callable<Integer> {
    private static final int SHORT_HASH = 12;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "CONFIG", description = "The configuration, such as storage.yaml.")
    private Path config = Path.of("");

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        return OneLook.at(config, spec.commandLine().getErr(), snapshot -> {
            PrintWriter out = spec.commandLine().getOut();
            if (output.isTable()) {
                table(snapshot).print(out);
            } else {
                output.print(out, PolicyListView.of(snapshot));
            }
            return ExitCode.OK;
        });
    }

    private static Table table(PolicySnapshot snapshot) {
        Table table = new Table("ID", "KIND", "VERSION", "SCOPE", "SOURCE", "HASH");
        for (Policy policy : snapshot.all()) {
            PolicyMetadata metadata = policy.metadata();
            table.add(
                    metadata.id().value(),
                    metadata.kind().name(),
                    metadata.version(),
                    metadata.scope(),
                    metadata.source(),
                    metadata.contentHash().substring(0, SHORT_HASH));
        }
        snapshot.quarantined().keySet().stream()
                .sorted()
                .forEach(id -> table.add(id.value(), "(blocked)", "", "", "", ""));
        return table;
    }
}

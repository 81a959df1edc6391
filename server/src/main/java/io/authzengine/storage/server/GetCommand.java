package io.authzengine.storage.server;

import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.server.view.PolicyDetailView;
import io.authzengine.storage.snapshot.Lookup;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints one policy. */
@Command(
        name = "get",
        description =
                "Prints one policy: its text as it was read, or with --output json or yaml what there is to know of it.",
        footer = {
            "  policyd get storage.yaml resource.leave_request.vdefault",
            "  policyd get storage.yaml resource.leave_request.vdefault/acme --output json"
        })
final class GetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "CONFIG", description = "The configuration, such as storage.yaml.")
    private Path config = Path.of("");

    @Parameters(index = "1", paramLabel = "ID", description = "The policy's id; 'policyd list' shows them.")
    private String id = "";

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        if (id.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "ID is empty; 'policyd list CONFIG' shows the ids");
        }
        PrintWriter err = spec.commandLine().getErr();
        return OneLook.at(config, err, snapshot -> print(snapshot, new PolicyId(id), err));
    }

    private int print(PolicySnapshot snapshot, PolicyId wanted, PrintWriter err) {
        Lookup found = snapshot.lookup(wanted);
        if (found instanceof Lookup.Active active) {
            print(active, spec.commandLine().getOut());
            return ExitCode.OK;
        }
        if (found instanceof Lookup.Quarantined blocked) {
            err.println("policyd: " + Printable.text(wanted.value()) + " is known but blocked:");
            blocked.reasons().forEach(reason -> err.println("  " + Printable.text(reason.toString())));
        } else {
            err.println("policyd: no policy is called " + Printable.text(wanted.value()) + "; "
                    + NearestId.to(wanted.value(), snapshot)
                            .map(id -> "did you mean " + Printable.text(id) + "? ")
                            .orElse("")
                    + "'policyd list CONFIG' shows the ids");
        }
        return ExitCode.FINDINGS;
    }

    private void print(Lookup.Active active, PrintWriter out) {
        if (!output.isTable()) {
            output.print(out, PolicyDetailView.of(active.policy()));
        } else {
            String raw = active.policy().raw().toString();
            out.print(raw);
            if (!raw.endsWith("\n")) {
                out.println();
            }
        }
        out.flush();
    }
}

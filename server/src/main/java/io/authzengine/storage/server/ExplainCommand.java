package io.authzengine.storage.server;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.Explanation;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.server.view.ExplanationView;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says where a policy comes from. */
@Command(
        name = "explain",
        description =
                "Says why a policy says what it says: which sources spoke, which won, and where each rule stands.",
        footer = {
            "  policyd explain storage.yaml resource.leave_request.vdefault",
            "  policyd explain storage.yaml resource.leave_request.vdefault -o json | jq '.sources[].standing'"
        })
final class ExplainCommand implements Callable<Integer> {
    private static final String NONE = "-";

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
        return OneLook.atStore(config, spec.commandLine().getErr(), this::explain);
    }

    private int explain(PolicyStore store) {
        Explanation explanation = store.explain(new PolicyId(id));
        PrintWriter out = spec.commandLine().getOut();
        if (!output.isTable()) {
            output.print(out, ExplanationView.of(explanation, store.current()));
        } else if (explanation.sources().isEmpty() && explanation.findings().isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("policyd: no source has a policy called " + Printable.text(id)
                            + "; 'policyd list CONFIG' shows the ids");
        } else {
            print(explanation, out);
        }
        out.flush();
        return explanation.policy().isPresent() ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private static void print(Explanation explanation, PrintWriter out) {
        Table sources = new Table("STANDING", "DRIVER", "PLACE", "REVISION", "POLICY", "WHY");
        for (Explanation.Source source : explanation.sources()) {
            Provenance from = source.policy().metadata().provenance();
            sources.add(
                    source.standing().name().toLowerCase(Locale.ROOT),
                    from.driverId(),
                    ExplanationView.place(from),
                    revision(from),
                    source.policy().id().value(),
                    source.reason());
        }
        sources.print(out);
        out.println();
        Table rules = new Table("RULE", "DRIVER", "PLACE", "REVISION");
        for (Explanation.Rule rule : explanation.rules()) {
            for (Provenance from : rule.origins()) {
                rules.add(rule.label(), from.driverId(), ExplanationView.place(from), revision(from));
            }
        }
        rules.print(out);
        explanation.findings().forEach(finding -> out.println(Printable.text(finding.toString())));
    }

    private static String revision(Provenance from) {
        return from.revision().isEmpty() ? NONE : from.revision();
    }
}

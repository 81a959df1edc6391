package io.authzengine.storage.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.server.client.PolicydClient;
import io.authzengine.storage.server.http.ServerSettings;
import io.authzengine.storage.server.view.FindingView;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what would change. */
@Command(
        name = "plan",
        description = {
            "Judges what is in the sources, and says what would change; nothing is served. Exit code 1 if it would be refused.",
            "With CONFIG, its sources are compared with nothing, or with what --server serves: for a pull request, say.",
            "Without one, a running policyd judges what it found at its last look; 'policyd reload' before it looks now."
        },
        footer = {
            "  policyd plan storage.yaml",
            "  policyd plan storage.yaml --server https://policyd.internal:8181 --token-file token",
            "  policyd plan"
        })
final class PlanCommand implements Callable<Integer> {
    /** What would change, by id. */
    private record PlanView(
            boolean passes,
            List<FindingView> findings,
            List<Change> added,
            List<Change> modified,
            List<Change> deleted) {}

    private record Change(String policyId, String source) {}

    private record Known(String hash, String source) {}

    private static final int PAGE = 1_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "CONFIG",
            arity = "0..1",
            description = "The configuration, such as storage.yaml. Without one, a running policyd is asked.")
    private @Nullable Path config;

    @Mixin
    private ServerOption server = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        return config == null ? ofServer() : ofConfig(config);
    }

    private int ofServer() {
        JsonNode plan = server.client().post("/api/plan", Map.of());
        PrintWriter out = spec.commandLine().getOut();
        boolean passes = plan.path("passes").asBoolean();
        if (output.isTable()) {
            RemoteTable.findings(plan.path("findings"), out);
            int changed = RemoteTable.changes(plan.path("changes"), out);
            sum(passes, changed, plan.path("findings").size(), out);
            confirmation(plan, out);
        } else {
            output.print(out, plan);
        }
        return passes ? ExitCode.OK : ExitCode.FINDINGS;
    }

    /** What is confirmed is the set that was shown here, and none that may come after it. */
    private void confirmation(JsonNode plan, PrintWriter out) {
        String digest = plan.path("digest").asText();
        out.println(Printable.text("digest: " + digest));
        if (plan.path("needsConfirmation").asBoolean()) {
            out.println(
                    Printable.text("if it is meant that these disappear: policyd confirm " + digest + server.given()));
        }
        out.flush();
    }

    private int ofConfig(Path file) {
        StorageConfig settings = StorageConfig.load(file, ServerSettings::check);
        Map<String, Known> served = server.isGiven() ? served(server.client()) : Map.of();
        PrintWriter out = spec.commandLine().getOut();
        try (StorageContext context = StorageContext.create("plan");
                StorageDriver driver = settings.openDriver(context)) {
            new ProgressLine(driver::progress, context, spec.commandLine().getErr()).during(driver::init);
            Validation validation = Validation.of(driver);
            PlanView plan = compared(driver, served, validation);
            if (output.isTable()) {
                StoreStart.printer(settings, out, Terminal.outShowsColours()).print(validation.findings());
                print(plan, out);
            } else {
                output.print(out, plan);
            }
            return plan.passes() ? ExitCode.OK : ExitCode.FINDINGS;
        }
    }

    private static Map<String, Known> served(PolicydClient client) {
        Map<String, Known> served = new TreeMap<>();
        int count;
        do {
            JsonNode page = client.get("/api/policies?limit=" + PAGE + "&offset=" + served.size());
            for (JsonNode item : page.path("items")) {
                served.put(
                        item.path("id").asText(),
                        new Known(
                                item.path("contentHash").asText(),
                                item.path("source").asText()));
            }
            count = page.path("items").size();
        } while (count == PAGE);
        return served;
    }

    private static PlanView compared(StorageDriver driver, Map<String, Known> served, Validation validation) {
        List<Change> added = new java.util.ArrayList<>();
        List<Change> modified = new java.util.ArrayList<>();
        Map<String, Known> gone = new TreeMap<>(served);
        driver.listPolicies().forEach(metadata -> {
            Known known = gone.remove(metadata.id().value());
            Change change = new Change(metadata.id().value(), metadata.source());
            if (known == null) {
                added.add(change);
            } else if (!known.hash().equals(metadata.contentHash())) {
                modified.add(change);
            }
        });
        return new PlanView(
                validation.errors() == 0,
                validation.findings().stream().map(FindingView::of).toList(),
                added,
                modified,
                gone.entrySet().stream()
                        .map(one -> new Change(one.getKey(), one.getValue().source()))
                        .toList());
    }

    private void print(PlanView plan, PrintWriter out) {
        plan.added().forEach(one -> print("+", one, out));
        plan.modified().forEach(one -> print("~", one, out));
        plan.deleted().forEach(one -> print("-", one, out));
        int changed =
                plan.added().size() + plan.modified().size() + plan.deleted().size();
        sum(plan.passes(), changed, plan.findings().size(), out);
    }

    private static void print(String sign, Change change, PrintWriter out) {
        out.println(Printable.text(sign + " " + change.policyId() + "  " + change.source()));
    }

    private static void sum(boolean passes, int changed, int findings, PrintWriter out) {
        out.println((passes ? "it would be served: " : "it would be refused: ") + Counted.of(changed, "change") + ", "
                + Counted.of(findings, "finding"));
        out.flush();
    }
}

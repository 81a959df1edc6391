package io.authzengine.storage.server;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.server.http.ServerSettings;
import io.authzengine.storage.server.view.ChangeSetView;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints changes as they come. */
@Command(
        name = "watch",
        description = {
            "Prints changes as they come, until Ctrl-C: time, + for added, ~ for modified, - for deleted, id, version.",
            "With --output json, one change set a line. What is refused is told on standard error.",
            "With a configuration, it follows the source itself; without one, it follows a policyd that runs."
        },
        footer = {
            "  policyd watch storage.yaml",
            "  policyd watch storage.yaml --output json | jq .changes",
            "  policyd watch --server http://127.0.0.1:8181"
        })
final class WatchCommand implements Callable<Integer> {
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
        PrintWriter err = spec.commandLine().getErr();
        if (config == null) {
            PrintWriter out = spec.commandLine().getOut();
            return new RemoteWatch(server.client(), output, out, err).untilTold();
        }
        if (server.isGiven()) {
            throw new ParameterException(spec.commandLine(), "Give CONFIG or --server, and not both");
        }
        StorageConfig settings = StorageConfig.load(config, ServerSettings::check);
        try (StorageContext context = StorageContext.create("policyd");
                PolicyStore store = StoreStart.aside(settings, context)) {
            if (!StoreStart.run(store, settings, context, err)) {
                return ExitCode.FINDINGS;
            }
            Subscription subscription = store.subscribe(event -> tell(event, settings));
            err.println("policyd: watching " + Counted.of(store.current().size(), "policy") + ", version "
                    + store.current().version().number() + "; Ctrl-C ends");
            err.flush();
            Lifetime.begin(subscription::close, store::close).untilTold();
            return ExitCode.OK;
        }
    }

    private void tell(StoreEvent event, StorageConfig settings) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (event instanceof StoreEvent.Updated updated) {
            print(updated, out);
        } else if (event instanceof StoreEvent.Rejected rejected) {
            err.println(time(rejected.at()) + " refused; version "
                    + rejected.version().number() + " stays:");
            StoreStart.printer(settings, err, false).print(rejected.findings());
        } else if (event instanceof StoreEvent.ReloadFailed failed) {
            err.println(time(failed.at()) + " failed; version "
                    + failed.version().number() + " stays: "
                    + Printable.text(String.valueOf(failed.error().getMessage())));
        } else if (event instanceof StoreEvent.Recovered recovered) {
            err.println(time(recovered.at()) + " in order again, version "
                    + recovered.version().number());
        }
        out.flush();
        err.flush();
    }

    private void print(StoreEvent.Updated updated, PrintWriter out) {
        if (!output.isTable()) {
            output.printOneOfMany(out, ChangeSetView.of(updated.changes(), updated.at(), null));
            return;
        }
        for (PolicyChangeEvent change : updated.changes().events()) {
            out.println(time(updated.at()) + " " + sign(change.type()) + " "
                    + Printable.text(change.policyId().value()) + " version "
                    + updated.version().number());
        }
    }

    private static String sign(PolicyChangeEvent.Type type) {
        return switch (type) {
            case ADDED -> "+";
            case MODIFIED -> "~";
            case DELETED -> "-";
        };
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}

package io.authzengine.storage.server;

import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.DriverProviders;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.WritableDriverProvider;
import io.authzengine.storage.server.http.ServerSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies policies from one backend into another. */
@Command(
        name = "copy",
        description = {
            "Copies the policies that one configuration leads to into the backend of another. Without --apply it says what it would do.",
            "A set that would not be served is not copied. If it was cut off, do the same again: what is there already is left alone."
        },
        footer = {
            "  policyd copy files.yaml database.yaml",
            "  policyd copy files.yaml database.yaml --apply",
            "  policyd copy git.yaml backup.yaml --replace --apply"
        })
final class CopyCommand implements Callable<Integer> {
    private record CopyView(boolean applied, int added, int modified, int deleted, int unchanged) {}

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "FROM", description = "The configuration of where they are.")
    private Path from = Path.of("");

    @Parameters(index = "1", paramLabel = "TO", description = "The configuration of where they are to be.")
    private Path to = Path.of("");

    @Option(names = "--apply", description = "Does it; without, nothing is written.")
    private boolean apply;

    @Option(names = "--replace", description = "Deletes there what is not in FROM; without, it stays.")
    private boolean replace;

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        StorageConfig source = StorageConfig.load(from, ServerSettings::check);
        StorageConfig target = StorageConfig.load(to, ServerSettings::check);
        WritableDriverProvider provider = writable(target.driverType());
        try (StorageContext context = StorageContext.create("copy");
                StorageDriver driver = source.openDriver(context);
                PolicyWriter writer = provider.openWriter(target.driver(), context)) {
            new ProgressLine(driver::progress, context, spec.commandLine().getErr()).during(driver::init);
            return passes(driver, source) ? copy(driver, writer) : ExitCode.FINDINGS;
        }
    }

    private static WritableDriverProvider writable(String type) {
        DriverProviders installed = DriverProviders.installed();
        return installed
                .capability(type, WritableDriverProvider.class)
                .orElseThrow(() ->
                        new IllegalArgumentException("TO: nothing can be written to a driver of type \"" + type
                                + "\"; those that can be written to: "
                                + installed.types().stream()
                                        .filter(one -> installed
                                                .capability(one, WritableDriverProvider.class)
                                                .isPresent())
                                        .collect(Collectors.joining(", "))));
    }

    private boolean passes(StorageDriver driver, StorageConfig source) {
        Validation validation = Validation.of(driver);
        if (validation.errors() == 0) {
            return true;
        }
        PrintWriter err = spec.commandLine().getErr();
        StoreStart.printer(source, err, false).print(validation.findings());
        err.println("policyd: nothing was copied: " + Counted.of(validation.errors(), "error") + " above");
        err.flush();
        return false;
    }

    private int copy(StorageDriver driver, PolicyWriter writer) {
        PolicyWriter.Mode mode = replace ? PolicyWriter.Mode.REPLACE : PolicyWriter.Mode.MERGE;
        Optional<String> busy = apply && Terminal.errShowsProgress()
                ? Optional.of("policyd: writing "
                        + Counted.of(driver.load().policies().size(), "policy") + " …")
                : Optional.empty();
        busy.ifPresent(line -> {
            spec.commandLine().getErr().println(line);
            spec.commandLine().getErr().flush();
        });
        PolicyWriter.Outcome outcome =
                apply ? writer.publish(driver.getAllPolicies(), mode) : writer.preview(driver.getAllPolicies(), mode);
        PrintWriter out = spec.commandLine().getOut();
        if (output.isTable()) {
            String counts = outcome.added() + " added, " + outcome.modified() + " modified, " + outcome.deleted()
                    + " deleted, " + outcome.unchanged() + " unchanged";
            String hint = outcome.isChange() ? "; do it with --apply" : "; there is nothing to do";
            out.println(apply ? "copied: " + counts : "would be: " + counts + hint);
            out.flush();
        } else {
            output.print(
                    out,
                    new CopyView(apply, outcome.added(), outcome.modified(), outcome.deleted(), outcome.unchanged()));
        }
        return ExitCode.OK;
    }
}

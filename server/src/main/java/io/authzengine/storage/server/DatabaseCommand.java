package io.authzengine.storage.server;

import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.DriverProviders;
import io.authzengine.storage.driver.SchemaTool;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.server.http.ServerSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes and checks the table of policies in a database. */
@Command(
        name = "database",
        description = "Makes and checks the table that policies are in, for whoever looks after the database.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "  policyd database ddl --dialect postgresql | psql authz",
            "  policyd database init storage.yaml",
            "  policyd database check storage.yaml"
        },
        subcommands = {DatabaseCommand.Ddl.class, DatabaseCommand.Init.class, DatabaseCommand.Check.class})
final class DatabaseCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: ddl, init or check");
    }

    private static SchemaTool tool(String type) {
        return DriverProviders.installed()
                .capability(type, SchemaTool.class)
                .orElseThrow(() -> new IllegalArgumentException("drivers of type " + type
                        + " have no table to make or check; the configuration must name a database"));
    }

    /** Prints the statements. */
    @Command(
            name = "ddl",
            description =
                    "Prints the statements that make the table, with an update trigger, soft deletes and a change counter.",
            footer = {
                "  policyd database ddl --dialect postgresql | psql authz",
                "  policyd database ddl --dialect mysql | mysql authz"
            })
    static final class Ddl implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Option(
                names = "--dialect",
                required = true,
                paramLabel = "DIALECT",
                description = "The SQL of the database: postgresql, or mysql for MariaDB too.")
        private String dialect = "";

        @Override
        public Integer call() {
            SchemaTool tool = tool(StorageDriver.DATABASE);
            if (!tool.dialects().contains(dialect)) {
                throw new ParameterException(
                        spec.commandLine(), "--dialect: expected " + String.join(" or ", tool.dialects()));
            }
            PrintWriter out = spec.commandLine().getOut();
            out.print(tool.ddl(dialect));
            out.flush();
            return ExitCode.OK;
        }
    }

    /** Applies them. */
    @Command(
            name = "init",
            description =
                    "Makes the table that a configuration names. What is there already stays, but for functions and triggers.",
            footer = "  policyd database init storage.yaml")
    static final class Init implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Parameters(paramLabel = "CONFIG", description = "The configuration, such as storage.yaml.")
        private Path config = Path.of("");

        @Override
        public Integer call() {
            return with(config, (tool, settings, context) -> {
                tool.apply(settings, context);
                spec.commandLine().getOut().println("the table is there");
                return ExitCode.OK;
            });
        }
    }

    /** Compares. */
    @Command(
            name = "check",
            description =
                    "Compares the table that a configuration names with the one that 'init' makes; changes nothing.",
            footer = "  policyd database check storage.yaml")
    static final class Check implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Parameters(paramLabel = "CONFIG", description = "The configuration, such as storage.yaml.")
        private Path config = Path.of("");

        @Override
        public Integer call() {
            return with(config, (tool, settings, context) -> {
                List<String> differences = tool.check(settings, context);
                PrintWriter out = spec.commandLine().getOut();
                differences.forEach(difference -> out.println(Printable.text(difference)));
                out.println(
                        differences.isEmpty()
                                ? "the table is as it should be"
                                : Counted.of(differences.size(), "difference")
                                        + "; 'policyd database init' adds what is missing beside the table");
                return differences.isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
            });
        }
    }

    private interface Work {
        int with(SchemaTool tool, DriverConfig settings, StorageContext context);
    }

    private static int with(Path file, Work work) {
        StorageConfig config = StorageConfig.load(file, ServerSettings::check);
        try (StorageContext context = StorageContext.create("policyd")) {
            return work.with(tool(config.driverType()), config.driver(), context);
        }
    }
}

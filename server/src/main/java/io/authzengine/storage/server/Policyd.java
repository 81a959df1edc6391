package io.authzengine.storage.server;

import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code policyd}. */
@Command(
        name = "policyd",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        synopsisSubcommandLabel = "COMMAND",
        scope = ScopeType.INHERIT,
        description = "Serves authorization policies, and never a set that did not pass its checks.",
        footerHeading = "%nExamples:%n",
        footer = {"  policyd init", "  policyd serve storage.yaml", "  policyd validate policies/", "  policyd health"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:all went well; warnings do not count",
            " 1:policies have errors or were refused, or the one asked for is not there",
            " 2:the command line or the configuration will not do",
            " 3:the backend, or the policyd that was asked, cannot be reached, refuses the credentials, or lacks what is configured",
            "143:ended by SIGTERM (130: by SIGINT), after an orderly shutdown"
        },
        subcommands = {
            InitCommand.class,
            ServeCommand.class,
            ValidateCommand.class,
            PlanCommand.class,
            ListCommand.class,
            GetCommand.class,
            ExplainCommand.class,
            WatchCommand.class,
            HealthCommand.class,
            HistoryCommand.class,
            DiffCommand.class,
            RollbackCommand.class,
            PinCommand.class,
            UnpinCommand.class,
            ConfirmCommand.class,
            ReloadCommand.class,
            WhySlowCommand.class,
            CopyCommand.class,
            DatabaseCommand.class,
            FaultsCommand.class,
            CompletionCommand.class
        })
final class Policyd implements Runnable {
    private static final String LOG_NAMES = "org.slf4j.simpleLogger.showShortLogName";
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.log.io.authzengine";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Shows where failures come from, with stack traces.")
    private boolean debug;

    private Policyd(CommandSpec spec) {
        this.spec = spec; // Replaced by picocli with the same.
    }

    /** Runs the command line and ends the process. */
    public static void main(String[] args) {
        chooseLogLevel(Arrays.asList(args));
        System.exit(commandLine().execute(args));
    }

    /** Commands that print findings themselves leave only what is unexpected to the log. */
    private static void chooseLogLevel(java.util.List<String> args) {
        String level = args.contains("--debug") ? "debug" : args.contains("serve") ? "info" : "error";
        if (args.contains("--debug")) {
            System.setProperty(LOG_NAMES, "true");
        }
        if (System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, level);
        }
    }

    /** Returns the command line, ready to execute. */
    static CommandLine commandLine() {
        Policyd policyd = new Policyd(CommandSpec.create());
        CommandLine commandLine = new CommandLine(policyd);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setParameterExceptionHandler(Policyd::explainUsage);
        commandLine.setExecutionExceptionHandler(
                (e, command, parsed) -> Failures.tell(e, command.getErr(), policyd.debug));
        return commandLine;
    }

    private static int explainUsage(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println(e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Missing command: " + String.join(", ", spec.subcommands().keySet()));
    }
}

package io.authzengine.storage.server;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is about faults. */
@Command(
        name = "faults",
        description = "Makes things go wrong on purpose, to see what becomes of what depends on them.",
        footer = {"  policyd faults proxy --upstream db.internal:5432 --policy faults.yaml"},
        subcommands = FaultsProxyCommand.class)
final class FaultsCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: proxy");
    }
}

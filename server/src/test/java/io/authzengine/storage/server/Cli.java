package io.authzengine.storage.server;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;

/** The command line, run in this process with its streams captured. */
final class Cli {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** How a command ended. */
    record Result(int code, String out, String err) {}

    /** Runs a command to its end. */
    static Result run(Object... args) {
        Cli cli = new Cli();
        int code = cli.execute(args);
        return new Result(code, cli.out(), cli.err());
    }

    int execute(Object... args) {
        CommandLine commandLine = Policyd.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}

package io.authzengine.storage.server;

import picocli.CommandLine.Option;

/** The option {@code --output}, for commands that print data. */
final class OutputOption {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "How to print: table, for people (the default), or json, for programs.")
    OutputFormat format = OutputFormat.TABLE;

    boolean isJson() {
        return format == OutputFormat.JSON;
    }
}

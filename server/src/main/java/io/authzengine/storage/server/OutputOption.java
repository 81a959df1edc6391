package io.authzengine.storage.server;

import io.authzengine.storage.server.view.Json;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** The option {@code --output}, for commands that print data. */
final class OutputOption {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "How to print: table, for people (the default), json or yaml, for programs.")
    OutputFormat format = OutputFormat.TABLE;

    boolean isTable() {
        return format == OutputFormat.TABLE;
    }

    /** Prints {@code view} for programs. */
    void print(PrintWriter out, Object view) {
        if (format == OutputFormat.YAML) {
            out.print(Yaml.text(view));
        } else {
            out.println(Json.pretty(view));
        }
        out.flush();
    }

    /** Prints {@code view} as one of many that follow each other: a line of JSON, or a document of YAML. */
    void printOneOfMany(PrintWriter out, Object view) {
        out.println(format == OutputFormat.YAML ? "---\n" + Yaml.text(view).stripTrailing() : Json.line(view));
        out.flush();
    }
}

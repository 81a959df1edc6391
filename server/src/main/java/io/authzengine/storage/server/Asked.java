package io.authzengine.storage.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** What a policyd that runs was asked to do, and has done: it answered well. */
record Asked(JsonNode answer) {
    /** Asks; what is refused is thrown. */
    static Asked post(ServerOption server, String path, Map<String, ?> body) {
        return new Asked(server.client().post(path, body));
    }

    /** Tells the answer as {@code output} wants it, to people as one line. */
    int tell(OutputOption output, CommandSpec spec, Function<JsonNode, String> line) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isTable()) {
            out.println(Printable.text(line.apply(answer)));
            out.flush();
        } else {
            output.print(out, answer);
        }
        return ExitCode.OK;
    }
}

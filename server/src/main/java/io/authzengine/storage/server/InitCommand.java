package io.authzengine.storage.server;

import io.authzengine.storage.server.view.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what is needed to begin. */
@Command(
        name = "init",
        description = {
            "Writes a commented storage.yaml, and sample policies beside it if they are to come from files.",
            "It asks where policies are; with --driver it does not. What is there already is never overwritten."
        },
        footer = {
            "  policyd init",
            "  policyd init authz --driver filesystem",
            "  policyd init --driver git --location https://github.com/myorg/policies.git"
        })
final class InitCommand implements Callable<Integer> {
    /** Where policies are. */
    enum Backend {
        FILESYSTEM("policies", "Which directory are the policies in?"),
        GIT("https://github.com/myorg/policies.git", "Which repository?"),
        DATABASE("${DATABASE_URL}", "Which database? An URL, or where it comes from."),
        HTTP("https://policies.example.com/policies.tar.gz", "Which URL?");

        private final String example;
        private final String question;

        Backend(String example, String question) {
            this.example = example;
            this.question = question;
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String CONFIG = "storage.yaml";
    private static final List<String> SAMPLES = List.of("roles.yaml", "document.yaml");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "DIRECTORY",
            arity = "0..1",
            defaultValue = ".",
            description = "Where to write; made if it is not there. Default: this one.")
    private Path directory = Path.of("");

    @Option(
            names = "--driver",
            paramLabel = "TYPE",
            description = "Where policies are: filesystem, git, database or http.")
    private @Nullable Backend backend;

    @Option(
            names = "--location",
            paramLabel = "WHERE",
            description = "The directory, the repository or the URL. Without it, an example is written.")
    private @Nullable String location;

    @Override
    public Integer call() {
        Backend chosen = backend;
        String where = location;
        if (chosen == null) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
            chosen = askForBackend(in);
            where = where == null ? ask(in, chosen.question, chosen.example) : where;
        }
        write(files(chosen, where == null ? chosen.example : where));
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                "next: policyd validate --config " + directory.resolve(CONFIG).normalize());
        out.println("      policyd serve " + directory.resolve(CONFIG).normalize());
        out.flush();
        return ExitCode.OK;
    }

    private Backend askForBackend(BufferedReader in) {
        while (true) {
            String answer =
                    ask(in, "Where are the policies? filesystem, git, database or http", Backend.FILESYSTEM.label());
            for (Backend one : Backend.values()) {
                if (one.label().startsWith(answer.toLowerCase(Locale.ROOT))) {
                    return one;
                }
            }
        }
    }

    private String ask(BufferedReader in, String question, String fallback) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(question + " [" + fallback + "] ");
        out.flush();
        try {
            String answer = in.readLine();
            if (answer == null) {
                out.println();
                throw new IllegalArgumentException(
                        "nobody answers, so nothing was written; say it with --driver and --location");
            }
            return answer.isBlank() ? fallback : answer.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<Path, String> files(Backend chosen, String where) {
        Map<Path, String> files = new LinkedHashMap<>();
        // A JSON text is a quoted YAML text; a reference to the environment may stand in it.
        String driver = resource(chosen.label() + ".yaml").replace("@LOCATION@", Json.line(where));
        files.put(directory.resolve(CONFIG), resource(CONFIG).replace("@DRIVER@\n", driver));
        if (chosen == Backend.FILESYSTEM) {
            Path policies = directory.resolve(where);
            if (!Files.exists(policies)) {
                SAMPLES.forEach(name -> files.put(policies.resolve(name), resource("policies/" + name)));
            }
        }
        return files;
    }

    private void write(Map<Path, String> files) {
        List<Path> there = files.keySet().stream().filter(Files::exists).toList();
        if (!there.isEmpty()) {
            throw new IllegalArgumentException(there.get(0) + " is there already; nothing was written. Name another"
                    + " directory: policyd init DIRECTORY");
        }
        files.forEach((file, text) -> {
            try {
                Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
                Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
                spec.commandLine().getOut().println("wrote " + file.normalize());
            } catch (FileAlreadyExistsException e) {
                throw new IllegalArgumentException(file + " has just been made by somebody else", e);
            } catch (IOException e) {
                throw new IllegalArgumentException(file + " cannot be written: " + e, e);
            }
        });
    }

    private static String resource(String name) {
        try (InputStream in = InitCommand.class.getResourceAsStream("/init/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

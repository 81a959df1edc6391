package io.authzengine.storage.benchmarks.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The programs that are measured, as their users start them, and how long they take. */
final class Programs {
    /** What parses YAML with Jackson. */
    static final List<String> JACKSON = List.of("jackson-", "snakeyaml-2");
    /** What serves files as a library. */
    static final List<String> LIBRARY = List.of(
            "storage-core", "storage-driver-filesystem", "jackson-core", "snakeyaml-engine", "slf4j-", "jspecify");

    private static final Path LIBRARIES = Path.of("benchmarks/target/lib");
    private static final String OWN = "storage-benchmarks";

    private Programs() {}

    /** Returns the command that serves as {@code config} says with the start script below {@code project}. */
    static List<String> policyd(Path project, Path config) {
        return List.of(project.resolve("policyd").toString(), "serve", config.toString(), "--listen", "127.0.0.1:0");
    }

    /** Returns the command that runs {@code main} of this module with the libraries whose names begin so, and no others. */
    static List<String> java(Class<?> main, List<String> libraries, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        try (Stream<Path> jars = Files.list(LIBRARIES)) {
            command.add(jars.filter(jar -> {
                        String name = jar.getFileName().toString();
                        return name.startsWith(OWN) || libraries.stream().anyMatch(name::startsWith);
                    })
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator)));
        }
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }

    /** Returns how long, in nanoseconds, {@code command} takes from its start to its end. */
    static long untilEnd(List<String> command) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = start(command, ProcessBuilder.Redirect.DISCARD);
        int status = process.waitFor();
        long end = System.nanoTime();
        if (status != 0) {
            throw new IllegalStateException("ended with " + status + ": " + String.join(" ", command));
        }
        return end - begin;
    }

    /** Returns how long, in nanoseconds, {@code command} takes from its start until it prints that it is serving so many; then ends it. */
    static long untilServing(List<String> command, int policies) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = start(command, ProcessBuilder.Redirect.PIPE);
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.contains("serving " + policies + " ")) {
                    return System.nanoTime() - begin;
                }
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
        throw new IllegalStateException(
                "does not say that it is serving " + policies + " policies: " + String.join(" ", command));
    }

    private static Process start(List<String> command, ProcessBuilder.Redirect out) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(out)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}

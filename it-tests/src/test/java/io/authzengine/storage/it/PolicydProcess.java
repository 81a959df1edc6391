package io.authzengine.storage.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running {@code policyd serve}, as the start script runs it. */
public final class PolicydProcess implements AutoCloseable {
    /** The class that is started. */
    static final String MAIN = "io.authzengine.storage.server.Policyd";

    private static final Pattern READY = Pattern.compile(
            "policyd is serving (\\d+) polic(?:y|ies) on (http://127\\.0\\.0\\.1:\\d+) \\(version 1, ready in \\d+ ms\\)");
    private static final long LIMIT_SECONDS = 60;

    private final Process process;
    private final Path errors;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private PolicydProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    /** What the line said that tells that it serves. */
    public record Ready(int policies, String url) {}

    /** Starts {@code policyd serve} on any free port; standard error goes to {@code errors}. */
    public static PolicydProcess serve(Path config, Path errors) throws IOException {
        Process process = command("serve", config.toString(), "--listen", "127.0.0.1:0")
                .redirectError(errors.toFile())
                .start();
        PolicydProcess policyd = new PolicydProcess(process, errors);
        Thread reading = new Thread(policyd::readLines, "policyd-out");
        reading.setDaemon(true);
        reading.start();
        return policyd;
    }

    /** How a command ended, and what it wrote. */
    record Ended(int exitCode, String output) {}

    /** Runs another command to its end. */
    static Ended run(String... arguments) throws IOException, InterruptedException {
        return end(command(arguments));
    }

    /** Runs Java with these arguments to its end. */
    static Ended runJava(String... arguments) throws IOException, InterruptedException {
        return end(java(List.of(arguments)));
    }

    private static Ended end(ProcessBuilder command) throws IOException, InterruptedException {
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("-cp", classPath(), MAIN));
        command.addAll(List.of(arguments));
        return java(command);
    }

    /** Returns the class path of a policyd with all drivers. */
    static String classPath() {
        return required("policyd.lib") + "/*";
    }

    private static ProcessBuilder java(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    static String required(String property) {
        String value = System.getProperty(property);
        if (value == null || !Files.isDirectory(Path.of(value))) {
            throw new IllegalStateException(property + " names no directory: " + value
                    + "; build with 'mvn verify', which packages policyd first");
        }
        return value;
    }

    private void readLines() {
        try (BufferedReader out = process.inputReader()) {
            out.lines().forEach(lines::add);
        } catch (IOException e) {
            lines.add("standard output broke: " + e);
        }
    }

    /** Waits for the line that says that it serves. */
    public Ready awaitReady() throws IOException, InterruptedException {
        String line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        Matcher ready = READY.matcher(line == null ? "" : line);
        if (!ready.matches()) {
            throw new AssertionError("expected the line that it serves, got " + line + "; it said:\n" + errors());
        }
        return new Ready(Integer.parseInt(ready.group(1)), ready.group(2));
    }

    /** Returns all that it wrote to standard error. */
    public String errors() throws IOException {
        return Files.readString(errors);
    }

    /** Sends SIGHUP. */
    void hangUp() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
    }

    /** Returns its number. */
    public long pid() {
        return process.pid();
    }

    /** Sends SIGKILL and waits for its end. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    /** Sends SIGTERM and returns the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

package io.authzengine.storage.server;

import io.authzengine.storage.server.client.PolicydClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that ask a policyd that runs. */
final class ServerOption {
    private static final URI DEFAULT = URI.create("http://127.0.0.1:8181");
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The policyd to ask. Default: POLICYD_SERVER of the environment, or http://127.0.0.1:8181.")
    private @Nullable URI server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file that holds the token, if it wants one. Default: POLICYD_TOKEN of the environment.")
    private @Nullable Path tokenFile;

    /** Returns whether one was named on the command line. */
    boolean isGiven() {
        return server != null;
    }

    /** Returns the way to the policyd that was named, or to the one on this machine. */
    PolicydClient client() {
        URI named = server == null
                ? Optional.ofNullable(System.getenv("POLICYD_SERVER"))
                        .map(URI::create)
                        .orElse(DEFAULT)
                : server;
        return new PolicydClient(named, token());
    }

    /** Returns what was given on the command line, for a further command that asks the same policyd; it begins with a blank if anything was. */
    String given() {
        return (server == null ? "" : " --server " + quoted(server.toString()))
                + (tokenFile == null ? "" : " --token-file " + quoted(tokenFile.toString()));
    }

    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private Optional<String> token() {
        if (tokenFile == null) {
            return Optional.ofNullable(System.getenv("POLICYD_TOKEN")).filter(token -> !token.isBlank());
        }
        try {
            String token = Files.readString(tokenFile).strip();
            if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
                throw new IllegalArgumentException(
                        "--token-file: " + tokenFile + " holds no token; expected one line without blanks");
            }
            return Optional.of(token);
        } catch (IOException e) {
            throw new IllegalArgumentException("--token-file: " + tokenFile + " cannot be read: " + e, e);
        }
    }
}

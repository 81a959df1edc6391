package io.authzengine.storage.driver.git;

import io.authzengine.storage.driver.DriverConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the settings of a driver from the configuration, so that all that is wrong is told at once. */
final class GitSettings {
    private static final long MAX_DEPTH = 1_000_000;
    private static final long MIB = 1024 * 1024;
    private static final long MAX_MIB = 1024 * 1024;

    private enum AuthType {
        NONE,
        TOKEN,
        BASIC,
        SSH
    }

    private enum Verify {
        NONE,
        SIGNED
    }

    private final DriverConfig config;

    private GitSettings(DriverConfig config) {
        this.config = config;
    }

    static GitConfig read(DriverConfig config) {
        return new GitSettings(config).read();
    }

    private GitConfig read() {
        String repository = config.text("repository");
        String branch = config.text("branch", GitConfig.DEFAULT_BRANCH);
        String directory = config.text("directory", GitConfig.DEFAULT_DIRECTORY);
        GitConfig.Documents documents = documents();
        GitConfig.Limits limits = limits();
        Optional<Path> localPath = path(config, "localPath");
        GitTrust trust = trust();
        GitSignatures signatures = signatures();
        Optional<GitConfig> base = checked("repository", () -> GitConfig.of(repository));
        Optional<GitConfig> placed = base.flatMap(start -> checked("directory", () -> start.withDirectory(directory)));
        checked("branch", () -> GitConfig.of("file:///").withBranch(branch));
        GitAuth auth = auth();
        base.ifPresent(start -> checked("auth", () -> start.withAuth(auth)));
        config.verify();
        GitConfig read = placed.orElseThrow()
                .withBranch(branch)
                .withDocuments(documents)
                .withLimits(limits)
                .withAuth(auth)
                .withTrust(trust)
                .withSignatures(signatures);
        GitConfig named = config.id().map(read::withId).orElse(read);
        return localPath.map(named::withLocalPath).orElse(named);
    }

    /** Lets the values themselves say what is wrong with them. */
    private <T> Optional<T> checked(String key, Supplier<T> value) {
        try {
            return Optional.of(value.get());
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            config.reject(key, message.substring(message.indexOf(": ") + 1).strip());
            return Optional.empty();
        }
    }

    private GitConfig.Documents documents() {
        List<String> extensions = config.texts("extensions", GitConfig.Documents.DEFAULT.extensions());
        List<String> exclude = config.texts("exclude", GitConfig.Documents.DEFAULT.exclude());
        checked("extensions", () -> new GitConfig.Documents(extensions, List.of()));
        checked("exclude", () -> new GitConfig.Documents(GitConfig.Documents.DEFAULT.extensions(), exclude));
        return checkedQuietly(() -> new GitConfig.Documents(extensions, exclude))
                .orElse(GitConfig.Documents.DEFAULT);
    }

    private static <T> Optional<T> checkedQuietly(Supplier<T> value) {
        try {
            return Optional.of(value.get());
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Has been told of by key.
        }
    }

    private GitConfig.Limits limits() {
        GitConfig.Limits defaults = GitConfig.Limits.DEFAULT;
        Duration poll = config.duration("pollInterval", defaults.pollInterval(), ChronoUnit.SECONDS);
        Duration timeout = config.duration("timeout", defaults.timeout(), ChronoUnit.SECONDS);
        int depth = (int) config.number("depth", defaults.depth(), 0, MAX_DEPTH);
        long size = config.number("maxRepositorySize", defaults.maxRepositorySize() / MIB, 1, MAX_MIB);
        return new GitConfig.Limits(poll, timeout, depth, size * MIB);
    }

    private GitAuth auth() {
        Optional<DriverConfig> section = config.section("auth");
        if (section.isEmpty()) {
            return new GitAuth.None();
        }
        DriverConfig auth = section.get();
        AuthType type = auth.choice("type", AuthType.class, AuthType.NONE);
        DriverConfig held = auth.section("credentials").orElse(auth);
        return switch (type) {
            case NONE -> new GitAuth.None();
            case TOKEN -> new GitAuth.Basic(held.text("username", GitAuth.TOKEN_USER), required(held, "token"));
            case BASIC -> new GitAuth.Basic(held.text("username"), required(held, "password"));
            case SSH -> new GitAuth.Ssh(required(held, "privateKey"), secret(held, "passphrase"));
        };
    }

    private static GitSecret required(DriverConfig held, String key) {
        Optional<GitSecret> secret = secret(held, key);
        if (secret.isEmpty()) {
            held.reject(key, "is missing; expected ${ENV}, or file: and a path that is read at each connection");
        }
        return secret.orElseGet(() -> GitSecret.of(""));
    }

    private static Optional<GitSecret> secret(DriverConfig block, String key) {
        return block.secret(key).map(text -> GitSecret.parse(text, block::resolve));
    }

    private GitTrust trust() {
        Optional<GitSecret> knownHosts =
                config.optionalText("knownHosts").map(text -> GitSecret.parse(text, config::resolve));
        Optional<Path> ca = path(config, "caCertificate");
        Optional<String> proxy = config.optionalText("proxy");
        return proxy.flatMap(text ->
                        checked("proxy", () -> new GitTrust(knownHosts, ca, Optional.of(URI.create(text)))))
                .orElseGet(() -> new GitTrust(knownHosts, ca, Optional.empty()));
    }

    private GitSignatures signatures() {
        Verify verify = config.choice("verify", Verify.class, Verify.NONE);
        GitSignatures signatures = new GitSignatures(path(config, "allowedSigners"), path(config, "keyRing"));
        if (verify == Verify.SIGNED && !signatures.required()) {
            config.reject(
                    "verify", "needs to know whose signatures count: set allowedSigners (SSH) or keyRing (OpenPGP)");
        }
        if (verify == Verify.NONE && signatures.required()) {
            config.reject("verify", "is 'none', yet allowedSigners or keyRing is set; set it to 'signed'");
        }
        return signatures;
    }

    private static Optional<Path> path(DriverConfig block, String key) {
        return block.optionalText(key).map(block::resolve);
    }

    static Map<String, String> described() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("repository", "https://…, git@host:org/repo, ssh://… or file:///…; never with credentials");
        settings.put("branch", "a branch, a tag, or a commit's id, which is then pinned; default main");
        settings.put("directory", "the directory below which policies are; default /");
        settings.put("pollInterval", "time between looks at the remote; default 60s");
        settings.put("softAge", "age of the last look at which health is degraded; default three pollIntervals");
        settings.put("hardAge", "age of the last look at which onHardAge holds; default never");
        settings.put("onHardAge", "serve or fail-closed; default serve");
        settings.put(
                "auth", "type: token, basic or ssh; credentials: token; username, password; privateKey, passphrase");
        settings.put("localPath", "directory for what was fetched, of one driver alone; default a temporary one");
        settings.put("extensions", "endings of documents' names, in any case; default .yaml .yml .json");
        settings.put("exclude", "patterns of paths to leave out; default **/node_modules/** **/.git/**");
        settings.put("timeout", "deadline of a look with all that it fetches, and of a reading; default 60s");
        settings.put("depth", "how many commits of history are fetched, 0 for all; default 1");
        settings.put("maxRepositorySize", "MiB that may be fetched and kept; default 512");
        settings.put("knownHosts", "keys of SSH servers, as a text or file: and a path; default ~/.ssh/known_hosts");
        settings.put("caCertificate", "PEM file of authorities that certify HTTPS servers; default Java's own");
        settings.put("proxy", "http://host:port of a proxy");
        settings.put("verify", "none, or signed: the tip must have a signature that counts; default none");
        settings.put("allowedSigners", "file of SSH keys whose signatures count");
        settings.put("keyRing", "file of OpenPGP keys whose signatures count");
        settings.put("id", "name of the driver; default git- and a digest of repository, branch and directory");
        return settings;
    }
}

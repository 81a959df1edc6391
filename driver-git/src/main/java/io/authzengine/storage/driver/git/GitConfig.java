package io.authzengine.storage.driver.git;

import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.source.DocumentNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of a git driver. Start with {@link #of} and change single values with the {@code with…} methods.
 *
 * @param givenId the id of the driver; empty for one that is made of remote, branch and directory
 * @param remote where the repository is
 * @param branch a branch, a tag, a full name such as {@code refs/heads/main}, or a commit's whole id. Default {@code main}
 * @param directory the directory below which policies are, {@code /} for all of the repository. Default {@code /}
 * @param documents endings and excluded patterns of documents' names
 * @param limits times and sizes
 * @param localPath a directory for what was fetched, so that a restart need not fetch it again; empty for a temporary one
 * @param auth how the driver shows who it is. Default not at all
 * @param trust whom it believes to be the remote
 * @param signatures who must have signed the tip. Default nobody
 * @sdd 5.2
 */
public record GitConfig(
        Optional<String> givenId,
        GitRemoteUrl remote,
        String branch,
        String directory,
        Documents documents,
        Limits limits,
        Optional<Path> localPath,
        GitAuth auth,
        GitTrust trust,
        GitSignatures signatures) {
    static final String DEFAULT_BRANCH = "main";
    static final String DEFAULT_DIRECTORY = "/";

    private static final int ID_DIGITS = 8;

    /**
     * Which files are documents.
     *
     * @param extensions endings of their names, in any case
     * @param exclude patterns of paths to leave out, relative to the directory
     */
    public record Documents(List<String> extensions, List<String> exclude) {
        /** What holds unless something else is given. */
        public static final Documents DEFAULT =
                new Documents(DocumentNames.DEFAULT_EXTENSIONS, DocumentNames.DEFAULT_EXCLUDES);

        /** @throws IllegalArgumentException if an extension or pattern cannot be understood */
        public Documents {
            extensions = List.copyOf(extensions);
            exclude = List.copyOf(exclude);
            new DocumentNames(extensions, exclude);
        }

        DocumentNames names() {
            return new DocumentNames(extensions, exclude);
        }
    }

    /**
     * What looking may cost.
     *
     * @param pollInterval time between looks. Default 60 s
     * @param timeout how long a look, with all that it fetches, or a reading may take. Default 60 s
     * @param depth how many commits of history are fetched, 0 for all. Default 1
     * @param maxRepositorySize bytes that may be fetched and kept. Default 512 MiB
     */
    public record Limits(Duration pollInterval, Duration timeout, int depth, long maxRepositorySize) {
        /** What holds unless something else is given. */
        public static final Limits DEFAULT =
                new Limits(Duration.ofSeconds(60), Duration.ofSeconds(60), 1, 512L * 1024 * 1024);

        /** @throws IllegalArgumentException if a value is negative, or nothing where it must not be */
        public Limits {
            if (pollInterval.isNegative() || pollInterval.isZero() || timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("pollInterval and timeout are longer than nothing");
            }
            if (depth < 0 || maxRepositorySize < 1) {
                throw new IllegalArgumentException("depth is at least 0, maxRepositorySize at least 1");
            }
        }
    }

    /** @throws IllegalArgumentException if a value will not do; the message names it */
    public GitConfig {
        Objects.requireNonNull(givenId, "givenId");
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(documents, "documents");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(localPath, "localPath");
        Objects.requireNonNull(trust, "trust");
        Objects.requireNonNull(signatures, "signatures");
        if (branch.isBlank()) {
            throw new IllegalArgumentException("branch: name a branch, a tag or a commit");
        }
        directory = normalized(directory);
        checkFit(remote, auth);
    }

    private static String normalized(String directory) {
        String path = directory.replaceAll("/+", "/").replaceAll("^/|/$", "");
        for (String name : path.split("/", -1)) {
            if (name.equals("..") || name.equals(".")) {
                throw new IllegalArgumentException(
                        "directory: write the path from the repository's root, without . and ..");
            }
        }
        return path;
    }

    private static void checkFit(GitRemoteUrl remote, GitAuth auth) {
        if (auth instanceof GitAuth.Ssh && !remote.isSsh()) {
            throw new IllegalArgumentException("auth: a key is for SSH, but the repository is at " + remote);
        }
        if (auth instanceof GitAuth.Basic && !remote.isHttp()) {
            throw new IllegalArgumentException(
                    "auth: a token or password is for HTTPS, but the repository is at " + remote);
        }
    }

    /** Returns the default settings for {@code repository}. */
    public static GitConfig of(String repository) {
        return new GitConfig(
                Optional.empty(),
                GitRemoteUrl.parse(repository),
                DEFAULT_BRANCH,
                DEFAULT_DIRECTORY,
                Documents.DEFAULT,
                Limits.DEFAULT,
                Optional.empty(),
                new GitAuth.None(),
                GitTrust.DEFAULT,
                GitSignatures.NOT_ASKED);
    }

    /** Returns the id of the driver: the given one, or {@code git-} and a digest of remote, branch and directory. */
    public String id() {
        return givenId.orElseGet(() -> "git-" + digest());
    }

    private String digest() {
        String canonical = String.join("\0", remote.toString(), branch, directory);
        return Sha256.hex(canonical).substring(0, ID_DIGITS);
    }

    /** Returns these settings with an id. */
    public GitConfig withId(String id) {
        return new GitConfig(
                Optional.of(id), remote, branch, directory, documents, limits, localPath, auth, trust, signatures);
    }

    /** Returns these settings with another branch, tag or commit. */
    public GitConfig withBranch(String name) {
        return new GitConfig(givenId, remote, name, directory, documents, limits, localPath, auth, trust, signatures);
    }

    /** Returns these settings with another directory. */
    public GitConfig withDirectory(String path) {
        return new GitConfig(givenId, remote, branch, path, documents, limits, localPath, auth, trust, signatures);
    }

    /** Returns these settings with other documents. */
    public GitConfig withDocuments(Documents others) {
        return new GitConfig(givenId, remote, branch, directory, others, limits, localPath, auth, trust, signatures);
    }

    /** Returns these settings with other times and sizes. */
    public GitConfig withLimits(Limits others) {
        return new GitConfig(givenId, remote, branch, directory, documents, others, localPath, auth, trust, signatures);
    }

    /** Returns these settings with a directory of its own for what was fetched. */
    public GitConfig withLocalPath(Path path) {
        return new GitConfig(
                givenId, remote, branch, directory, documents, limits, Optional.of(path), auth, trust, signatures);
    }

    /** Returns these settings with credentials. */
    public GitConfig withAuth(GitAuth credentials) {
        return new GitConfig(
                givenId, remote, branch, directory, documents, limits, localPath, credentials, trust, signatures);
    }

    /** Returns these settings with other trust. */
    public GitConfig withTrust(GitTrust other) {
        return new GitConfig(givenId, remote, branch, directory, documents, limits, localPath, auth, other, signatures);
    }

    /** Returns these settings with signatures that the tip must have. */
    public GitConfig withSignatures(GitSignatures required) {
        return new GitConfig(givenId, remote, branch, directory, documents, limits, localPath, auth, trust, required);
    }
}

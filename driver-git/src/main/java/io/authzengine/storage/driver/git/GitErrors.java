package io.authzengine.storage.driver.git;

import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.error.ValidationException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;

/** The one place where what goes wrong with remotes and the local repository becomes SD-001 … SD-007. */
final class GitErrors {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;
    private static final int PROXY_AUTHENTICATION = 407;
    private static final int FIRST_ERROR = 400;
    private static final int SHOWN_BRANCHES = 10;

    private final String driverId;
    private final GitConfig config;

    GitErrors(String driverId, GitConfig config) {
        this.driverId = driverId;
        this.config = config;
    }

    private String remote() {
        return config.remote().toString();
    }

    private Problem at(String summary) {
        return Problem.in(driverId, summary).at(remote());
    }

    /**
     * Returns what a failed conversation with the remote comes to.
     *
     * @param status the last HTTP status, 0 if there was none
     */
    StorageException conversation(IOException failure, int status) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof StorageException known) {
                return known;
            }
            if (e instanceof SshSessions.RefusedException refused) {
                return refused(refused, failure);
            }
            if (e instanceof RepositoryTooLargeException) {
                return tooLarge(failure);
            }
        }
        if (status >= FIRST_ERROR) {
            return answered(failure, status);
        }
        return transport(failure);
    }

    private StorageException refused(SshSessions.RefusedException refused, IOException failure) {
        return new AuthenticationFailedException(
                at(String.valueOf(refused.getMessage())).remedy(refused.remedy()), failure);
    }

    private StorageException answered(IOException failure, int status) {
        return switch (status) {
            case UNAUTHORIZED, FORBIDDEN ->
                new AuthenticationFailedException(
                        at("the server refuses the credentials (HTTP " + status + ")")
                                .remedy("check 'auth', and that they may read this repository"),
                        failure);
            case PROXY_AUTHENTICATION ->
                new AuthenticationFailedException(
                        at("the proxy wants credentials (HTTP 407)")
                                .remedy("use a proxy that lets this machine through"),
                        failure);
            case NOT_FOUND, GONE -> missing(failure, " (HTTP " + status + ")");
            default ->
                new ConnectionFailedException(
                        at("the server answered with HTTP " + status).remedy("it is asked again soon"), failure);
        };
    }

    private StorageException transport(IOException failure) {
        String text = messages(failure).toLowerCase(Locale.ROOT);
        if (failure instanceof NoRemoteRepositoryException || text.contains("not appear to be a git repository")) {
            return missing(failure, "");
        }
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof HttpTimeoutException || e instanceof java.net.SocketTimeoutException) {
                return new StorageTimeoutException(
                        at("the server did not answer in time").remedy("check the network, or raise 'timeout'"),
                        failure);
            }
            if (e instanceof UnknownHostException || e instanceof java.nio.channels.UnresolvedAddressException) {
                return new ConnectionFailedException(
                        at("the host's name cannot be resolved").remedy("check 'repository', and the name service"),
                        failure);
            }
            if (e instanceof SSLException) {
                return new ConnectionFailedException(
                        at("the server's certificate or TLS is not accepted: " + oneLine(e.getMessage()))
                                .remedy("let 'caCertificate' name the authority that certified it"),
                        failure);
            }
            if (e instanceof ConnectException) {
                return new ConnectionFailedException(
                        at("the server cannot be connected to: " + oneLine(e.getMessage()))
                                .remedy("it is tried again"),
                        failure);
            }
            if (e instanceof InterruptedIOException || e instanceof InterruptedException) {
                return new ConnectionFailedException(at("interrupted while talking to the server"), failure);
            }
        }
        return new ConnectionFailedException(
                at("the conversation with the server broke off: " + innermost(failure))
                        .remedy("it is tried again"),
                failure);
    }

    private StorageException missing(IOException failure, String detail) {
        return new NotFoundException(
                at("there is no such repository, or the credentials may not see it" + detail)
                        .remedy("check 'repository', and that 'auth' may read it"),
                failure);
    }

    private static String messages(Throwable failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable e = failure; e != null; e = e.getCause()) {
            all.append(e.getMessage()).append('\n');
        }
        return all.toString();
    }

    private static String innermost(Throwable failure) {
        Throwable e = failure;
        while (e.getCause() != null) {
            e = e.getCause();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : oneLine(e.getMessage());
    }

    private static String oneLine(@org.jspecify.annotations.Nullable String message) {
        return String.valueOf(message).replaceAll("\\p{Cntrl}+", " ").strip();
    }

    NotFoundException noSuchBranch(Collection<String> branches) {
        if (branches.isEmpty()) {
            return new NotFoundException(
                    at("the repository is empty, or its server tells of nothing in it, so there is no "
                                    + config.branch())
                            .remedy("push a first commit, or look at the server's log"));
        }
        String known = branches.stream().sorted().limit(SHOWN_BRANCHES).collect(Collectors.joining(", "));
        return new NotFoundException(at("there is no branch or tag " + config.branch())
                .remedy("correct 'branch', or push it again; there are " + known
                        + (branches.size() > SHOWN_BRANCHES ? " and more" : "")));
    }

    NotFoundException noSuchCommit(IOException failure) {
        return new NotFoundException(
                at("the server does not hand out commit " + config.branch() + ": " + innermost(failure))
                        .remedy("name a branch or tag that leads to it, or let the server allow reachable ids"),
                failure);
    }

    NotFoundException noCommit(String what) {
        return new NotFoundException(at(config.branch() + " leads to a " + what + ", not to a commit")
                .remedy("name a branch or a tag of a commit"));
    }

    NotFoundException noDirectory(String commit, String found) {
        return new NotFoundException(at("commit " + commit + " has no directory " + config.directory() + found)
                .remedy("correct 'directory', or put it back"));
    }

    StorageException tooLarge(Throwable cause) {
        return new ValidationException(
                at("what it would take to fetch it is more than maxRepositorySize, "
                                + config.limits().maxRepositorySize() / (1024 * 1024) + " MiB")
                        .remedy("keep large files out of the repository of policies, or raise maxRepositorySize"),
                cause);
    }

    private ConnectionFailedException inUse(Throwable cause) {
        return new ConnectionFailedException(
                Problem.in(driverId, "another process or driver uses this directory")
                        .at(config.localPath().map(Object::toString).orElse("localPath"))
                        .remedy("give each driver a localPath of its own, or leave it out"),
                cause);
    }

    /** Returns what a failure of the local repository comes to. */
    ConnectionFailedException local(IOException cause) {
        if (cause instanceof GitStore.InUseException) {
            return inUse(cause);
        }
        return new ConnectionFailedException(
                Problem.in(driverId, "the local repository cannot be used: " + innermost(cause))
                        .at(config.localPath().map(Object::toString).orElse("temporary directory"))
                        .remedy("it is made anew from the remote at the next look; check disk space and permissions"),
                cause);
    }

    ValidationException notTrusted(String commit, String reason) {
        return new ValidationException(at("commit " + commit + " is not served: " + reason)
                .remedy("sign it with a key of allowedSigners or keyRing"));
    }

    ConnectionFailedException interrupted() {
        return new ConnectionFailedException(at("interrupted while reading the repository"));
    }
}

package io.authzengine.storage.driver.http;

import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.trust.UntrustedException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** The one place where what goes wrong with a server becomes SD-001 … SD-007. Of what a server sends, nothing is shown but numbers. */
record HttpErrors(String driverId) {
    private Problem at(URI url, String summary) {
        return Problem.in(driverId, summary).at(Urls.shown(url));
    }

    StorageException failed(URI url, Throwable cause) {
        if (cause instanceof HttpTimeoutException) {
            return new StorageTimeoutException(
                    at(url, "the server could not be connected to in time")
                            .remedy("check that it runs and that nothing on the way drops packets"),
                    cause);
        }
        if (isAboutTrust(cause)) {
            return new AuthenticationFailedException(
                    at(url, "the TLS handshake failed: " + cause.getMessage())
                            .remedy("check 'tls': the authority to trust, the pins, this client's certificate; and the"
                                    + " server's certificate and its name"),
                    cause);
        }
        return new ConnectionFailedException(
                at(url, why(cause)).remedy("check that the server runs and is reached from here"), cause);
    }

    private static boolean isAboutTrust(Throwable cause) {
        if (!(cause instanceof SSLException)) {
            return false;
        }
        String message = String.valueOf(cause.getMessage());
        boolean cut = cause.getCause() instanceof EOFException || message.contains("terminated");
        return !cut
                && (cause instanceof SSLHandshakeException
                        || message.contains("certificate")
                        || message.contains("unknown_ca"));
    }

    private static String why(Throwable cause) {
        if (cause instanceof ConnectException
                && cause.getCause() instanceof ConnectException inner
                && inner.getCause() instanceof UnresolvedAddressException) {
            return "the host has no address";
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return cause instanceof ConnectException
                ? "the server cannot be connected to (" + message + ")"
                : "the answer broke off (" + message + ")";
    }

    StorageTimeoutException silent(URI url, Duration timeout) {
        return new StorageTimeoutException(at(url, "the server was silent for " + timeout.toMillis() + " ms")
                .remedy("check the server, or raise 'timeout'"));
    }

    ConnectionFailedException interrupted(URI url, InterruptedException cause) {
        return new ConnectionFailedException(at(url, "interrupted while waiting for the server"), cause);
    }

    /** The server answered, but not with what was asked for. */
    StorageException refused(Answer answer, Instant now) {
        int status = answer.status();
        Problem problem = at(answer.url(), "the server answered " + status);
        if (status == 407) {
            return new AuthenticationFailedException(at(answer.url(), "the proxy wants credentials, or others (407)")
                    .remedy("check 'proxyAuth'"));
        }
        if (status == 401 || status == 403) {
            return new AuthenticationFailedException(
                    problem.remedy("check the credentials under 'auth' and their rights"));
        }
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            Problem passing = problem.remedy("nothing, if it passes; otherwise look at the server's log");
            Optional<Duration> pause = answer.header("Retry-After").flatMap(value -> pause(value, now));
            return new ConnectionFailedException(pause.map(passing::retryAfter).orElse(passing));
        }
        if (status >= 400) {
            return new NotFoundException(problem.remedy("check the URL, and what the server allows"));
        }
        return new ValidationException(
                problem.remedy("the URL must answer 200 and a document, or a redirection that 'redirects' allows"));
    }

    private static Optional<Duration> pause(String retryAfter, Instant now) {
        if (retryAfter.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)));
        }
        return Validators.instant(retryAfter)
                .map(until -> Duration.between(now, until))
                .filter(pause -> !pause.isNegative());
    }

    ConnectionFailedException unmodifiedNothing(URI url) {
        return new ConnectionFailedException(at(url, "the server answered \"not modified\" to one who holds nothing")
                .remedy("report it to whoever runs it"));
    }

    ConnectionFailedException mayBeCut(URI url) {
        return new ConnectionFailedException(at(
                        url,
                        "the answer ends with its connection, so it cannot be told from one that was cut: it has no"
                                + " Content-Length, is not chunked, and has no digest")
                .remedy("let the server send one of these"));
    }

    ConnectionFailedException wrongDigest(URI url) {
        return new ConnectionFailedException(at(url, "the answer is not what the digest in its headers says")
                .remedy("nothing, if it passes; otherwise look at what stands between here and the server"));
    }

    ValidationException unacceptable(URI url, String summary, String remedy) {
        return new ValidationException(at(url, summary).remedy(remedy));
    }

    ValidationException unacceptable(URI url, String summary, String remedy, @Nullable Throwable cause) {
        return new ValidationException(at(url, summary).remedy(remedy), cause);
    }

    ValidationException untrusted(URI url, UntrustedException cause) {
        return new ValidationException(
                at(url, String.valueOf(cause.getMessage())).remedy(cause.remedy()), cause);
    }

    ConnectionFailedException cannotRemember(URI url, IOException cause) {
        return new ConnectionFailedException(
                at(url, "what was accepted last cannot be read or kept: " + cause.getMessage())
                        .remedy("mend 'signature.stateDir'; only if the file is lost for good, remove it: any signed"
                                + " document is then accepted once"),
                cause);
    }

    AuthenticationFailedException noCredentials(URI url, IOException cause) {
        return new AuthenticationFailedException(
                at(url, "the credentials cannot be read (" + cause.getClass().getSimpleName() + ")")
                        .remedy("check the file that 'auth' or 'proxyAuth' names"),
                cause);
    }

    AuthenticationFailedException badTls(String what, Exception cause) {
        return new AuthenticationFailedException(
                Problem.in(driverId, what).remedy("check the files that 'tls' names; they are PEM, the key PKCS#8"),
                cause);
    }
}

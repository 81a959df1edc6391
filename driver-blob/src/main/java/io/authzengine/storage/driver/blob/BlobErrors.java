package io.authzengine.storage.driver.blob;

import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.error.ValidationException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where what goes wrong with a bucket becomes SD-001 … SD-007. Of what a store sends, only status and code are shown; of a
 * client's messages, only those of the network.
 *
 * @param driverId the driver that fails
 * @param address of the bucket, free of credentials
 */
public record BlobErrors(String driverId, String address) {
    private static final Set<String> CLOCK = Set.of("RequestTimeTooSkewed", "RequestExpired");
    private static final Set<String> BUSY = Set.of(
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "rateLimitExceeded",
            "userRateLimitExceeded",
            "ServerBusy");
    private static final Set<String> CREDENTIALS = Set.of("ExpiredToken", "InvalidToken", "TokenRefreshRequired");
    private static final int LONGEST_CODE = 60;

    public BlobErrors {
        Objects.requireNonNull(driverId, "driverId");
        Objects.requireNonNull(address, "address");
    }

    /**
     * What a store answered instead of what was asked for.
     *
     * @param status of HTTP
     * @param code the store's own word for it; empty if it gave none
     * @param retryAfter how long it asks to be left alone, if it does
     */
    public record Refusal(int status, String code, Optional<Duration> retryAfter) {
        public Refusal {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(retryAfter, "retryAfter");
        }

        String shown() {
            String printable = code.replaceAll("[^A-Za-z0-9._-]", "");
            String word = printable.substring(0, Math.min(LONGEST_CODE, printable.length()));
            return status + (word.isEmpty() ? "" : " (" + word + ")");
        }

        /** Returns the pause that a header {@code Retry-After} asks for in seconds; empty if it is none. */
        public static Optional<Duration> pause(@Nullable String header) {
            return header != null && header.matches("[0-9]{1,9}")
                    ? Optional.of(Duration.ofSeconds(Long.parseLong(header)))
                    : Optional.empty();
        }
    }

    /** Returns the failure that {@code refusal} of a call about {@code key} is; the key is empty for one about the bucket. */
    public StorageException refused(String key, Refusal refusal, Throwable cause) {
        int status = refusal.status();
        Problem problem = at(key, "the store answered " + refusal.shown());
        if (CLOCK.contains(refusal.code())) {
            return new ConnectionFailedException(
                    problem.remedy("set this machine's clock: the store refuses it, not the credentials"), cause);
        }
        if (status == 408 || status == 429 || status >= 500 || BUSY.contains(refusal.code())) {
            Problem passing = problem.remedy("nothing, if it passes; otherwise look at the store and at its quotas");
            return new ConnectionFailedException(
                    refusal.retryAfter().map(passing::retryAfter).orElse(passing), cause);
        }
        if (status == 401 || status == 403 || CREDENTIALS.contains(refusal.code())) {
            return new AuthenticationFailedException(
                    problem.remedy("check 'credentials', and that they may list the prefix and read what is below it"),
                    cause);
        }
        return new NotFoundException(
                problem.remedy("check 'bucket', and region and endpoint under 'credentials'"), cause);
    }

    /** Returns the failure of a call about {@code key} that got no answer, or none that is complete. */
    public StorageException failed(String key, Throwable cause) {
        if (find(cause, InterruptedException.class) != null
                || Thread.currentThread().isInterrupted()) {
            return new ConnectionFailedException(at(key, "interrupted while waiting for the store"), cause);
        }
        if (find(cause, SocketTimeoutException.class) != null
                || find(cause, HttpTimeoutException.class) != null
                || find(cause, TimeoutException.class) != null) {
            return new StorageTimeoutException(
                    at(key, "the store did not answer in time").remedy("check the network, or raise 'callTimeout'"),
                    cause);
        }
        SSLException tls = find(cause, SSLException.class);
        if (tls instanceof SSLHandshakeException) {
            return new AuthenticationFailedException(
                    at(key, "the TLS handshake failed: " + tls.getMessage())
                            .remedy("check 'endpoint', and that this Java trusts whoever certifies it"),
                    cause);
        }
        UnknownHostException host = find(cause, UnknownHostException.class);
        IOException io = find(cause, IOException.class);
        String why = host != null
                ? "the host has no address"
                : io != null && io.getMessage() != null
                        ? io.getMessage()
                        : cause.getClass().getSimpleName();
        return new ConnectionFailedException(
                at(key, "the store cannot be reached, or broke off (" + why + ")")
                        .remedy("check that it runs and is reached from here"),
                cause);
    }

    private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 50; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            depth++;
        }
        return null;
    }

    /** Returns the failure that there are no credentials to be had, for {@code reason}, which must tell no secret. */
    public AuthenticationFailedException noCredentials(String reason, Throwable cause) {
        return new AuthenticationFailedException(
                at("", "there are no credentials: " + reason)
                        .remedy("give them under 'credentials', or to this process as the cloud's tools expect them"),
                cause);
    }

    ConnectionFailedException brokenListing(String how) {
        return new ConnectionFailedException(at("", "the listing contradicts itself: " + how)
                .remedy("nothing, if it passes; otherwise report it to whoever runs the store"));
    }

    ValidationException tooMany(int limit) {
        return new ValidationException(at("", "there are more than " + limit + " objects, the limit")
                .remedy("narrow 'prefix', or publish a bundle"));
    }

    ValidationException tooLarge(String key, long limit) {
        return new ValidationException(
                at(key, "it has more than " + limit + " bytes, the limit").remedy("split it"));
    }

    ValidationException unreadable(String key, IOException cause) {
        return new ValidationException(
                at(key, "it cannot be read: " + cause.getMessage())
                        .remedy("publish it anew, with Content-Encoding gzip or none"),
                cause);
    }

    ValidationException badBundle(String key, String why, @Nullable Throwable cause) {
        return new ValidationException(
                at(key, "the bundle cannot be used: " + why).remedy("publish it anew, or raise 'maxBundleBytes'"),
                cause);
    }

    NotFoundException noBundle(String key) {
        return new NotFoundException(at(key, "there is no such object").remedy("publish it, or correct 'bundle'"));
    }

    ConnectionFailedException moving(String key) {
        return new ConnectionFailedException(at(key, "it changes faster than it can be read"));
    }

    ConnectionFailedException cannotRemember(String key, IOException cause) {
        return new ConnectionFailedException(
                at(key, "what was accepted last cannot be read or kept: " + cause.getMessage())
                        .remedy("mend 'signature.stateDir'; only if the file is lost for good, remove it: any signed"
                                + " bundle is then accepted once"),
                cause);
    }

    ConnectionFailedException closed() {
        return new ConnectionFailedException(at("", "given up: the source was closed"));
    }

    /** Returns a problem at {@code key}; at the bucket if that is empty. */
    public Problem at(String key, String summary) {
        return Problem.in(driverId, summary).at(key.isEmpty() ? address : address + "/" + key);
    }

    /** Returns {@code name} as it can be printed. */
    static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        name.chars().forEach(c -> {
            if (Character.isISOControl(c)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                shown.append((char) c);
            }
        });
        return shown.toString();
    }
}

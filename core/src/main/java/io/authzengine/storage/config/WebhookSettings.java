package io.authzengine.storage.config;

import io.authzengine.storage.driver.DriverConfig;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * An address that is told of each change set. Never shows its secret.
 *
 * @param url where to; {@code http} or {@code https}, without credentials
 * @param secret signs what is sent, so that the receiver can tell it from what others send
 * @param events the names of the events to tell of. Default {@link #EVENTS}
 * @param timeout how long one call may take. Default 10 s
 * @param retries how often a call that failed is tried again before the change set is given up. Default 5
 * @param retryBase upper bound of the first delay before a retry; doubles, full jitter. Default 1 s
 * @param retryCap upper bound of every delay before a retry. Default 60 s
 * @param capacity how many change sets wait at most; the oldest are dropped. Default 100
 */
public record WebhookSettings(
        URI url,
        String secret,
        List<String> events,
        Duration timeout,
        int retries,
        Duration retryBase,
        Duration retryCap,
        int capacity) {
    /** The events there are to tell of. */
    public static final List<String> EVENTS =
            List.of("policy.updated", "policy.rolled_back", "policy.validation_failed");

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int RETRIES = 5;
    private static final Duration RETRY_BASE = Duration.ofSeconds(1);
    private static final Duration RETRY_CAP = Duration.ofSeconds(60);
    private static final int CAPACITY = 100;
    private static final int MOST = 10_000;

    /** @throws IllegalArgumentException if a value will not do; the message names it */
    public WebhookSettings {
        if (!isAllowed(url)) {
            throw new IllegalArgumentException(
                    "url is an http or https address with a host and without credentials and fragment");
        }
        events = List.copyOf(events);
        if (secret.isBlank() || events.isEmpty() || !EVENTS.containsAll(events)) {
            throw new IllegalArgumentException("a webhook has a secret, and events from " + EVENTS);
        }
        if (timeout.isNegative() || timeout.isZero() || retryBase.isNegative() || retryBase.isZero()) {
            throw new IllegalArgumentException("timeout and retryBase are longer than nothing");
        }
        if (retries < 0 || capacity < 1 || retryCap.compareTo(retryBase) < 0) {
            throw new IllegalArgumentException(
                    "retries is at least 0, capacity at least 1, and retryCap at least retryBase");
        }
    }

    private static boolean isAllowed(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        return (scheme.equals("http") || scheme.equals("https"))
                && url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawFragment() == null;
    }

    /** Returns the default settings for {@code url}. */
    public static WebhookSettings of(URI url, String secret) {
        return new WebhookSettings(url, secret, EVENTS, TIMEOUT, RETRIES, RETRY_BASE, RETRY_CAP, CAPACITY);
    }

    /** Returns the settings in {@code block}; a problem is noted there and stands for the default. */
    static WebhookSettings read(DriverConfig block) {
        URI url = url(block);
        String secret = block.secret("secret").orElse("");
        if (secret.isEmpty()) {
            block.reject("secret", "is needed: without it a receiver cannot tell who called");
            secret = "missing";
        }
        List<String> events = block.texts("events", EVENTS);
        if (events.isEmpty() || !EVENTS.containsAll(events)) {
            block.reject("events", "expected some of " + String.join(", ", EVENTS));
            events = EVENTS;
        }
        Duration base = block.duration("retryBase", RETRY_BASE, ChronoUnit.SECONDS);
        Duration cap = block.duration("retryCap", RETRY_CAP, ChronoUnit.SECONDS);
        if (cap.compareTo(base) < 0) {
            block.reject("retryCap", "is the longest delay, so it cannot be shorter than retryBase");
            cap = base;
        }
        return new WebhookSettings(
                url,
                secret,
                events,
                block.duration("timeout", TIMEOUT, ChronoUnit.SECONDS),
                (int) block.number("retries", RETRIES, 0, MOST),
                base,
                cap,
                (int) block.number("capacity", CAPACITY, 1, MOST));
    }

    private static URI url(DriverConfig block) {
        URI standIn = URI.create("http://localhost/");
        try {
            URI url = URI.create(block.text("url"));
            if (isAllowed(url)) {
                return url;
            }
            block.reject("url", "expected an address such as https://example.com/hook, without credentials");
        } catch (IllegalArgumentException e) {
            block.reject("url", "is no address; expected one such as https://example.com/hook");
        }
        return standIn;
    }

    /** Returns these settings for other events. */
    public WebhookSettings withEvents(List<String> names) {
        return new WebhookSettings(url, secret, names, timeout, retries, retryBase, retryCap, capacity);
    }

    /** Returns these settings with another deadline of a call. */
    public WebhookSettings withTimeout(Duration time) {
        return new WebhookSettings(url, secret, events, time, retries, retryBase, retryCap, capacity);
    }

    /** Returns these settings with other retries. */
    public WebhookSettings withRetries(int count, Duration base, Duration cap) {
        return new WebhookSettings(url, secret, events, timeout, count, base, cap, capacity);
    }

    /** Returns these settings with room for another number of change sets. */
    public WebhookSettings withCapacity(int count) {
        return new WebhookSettings(url, secret, events, timeout, retries, retryBase, retryCap, count);
    }

    /** Returns the address without its query, which may hold a secret. */
    public String name() {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + Objects.requireNonNullElse(url.getRawPath(), "");
    }

    @Override
    public String toString() {
        return "webhook " + name() + " of " + events;
    }
}

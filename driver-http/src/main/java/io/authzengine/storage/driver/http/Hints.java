package io.authzengine.storage.driver.http;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.WatchException;
import io.authzengine.storage.source.PolicySource.HintListener;
import io.authzengine.storage.source.SourceContext;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hears of changes from a server that tells them: by a stream of events, or by requests that it holds back until there is something
 * new. Has no thread: the client calls when something arrives, the scheduler when nothing does. Thread-safe.
 */
final class Hints implements AutoCloseable {
    /** policyd sends something each 15 s; a stream that is silent for three times that is dead. */
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(10);
    /** A server that answers "nothing new" sooner than this does not hold requests back. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private static final int PATIENCE = 3;
    private static final String EVENTS = "/api/policies/stream";

    private final HttpConfig config;
    private final String driverId;
    private final StorageContext context;
    private final Transport transport;
    // All below are guarded by this.
    private @Nullable HintListener listener;
    private @Nullable CompletableFuture<?> underWay;
    private @Nullable Future<?> alarm;
    private Validators held = Validators.NONE;
    private long arrived;
    private boolean holding; // Whether the stream under way has brought anything yet.
    private int quickAnswers;
    private boolean closed;

    Hints(HttpConfig config, SourceContext context, Transport transport) {
        this.config = config;
        this.driverId = context.driverId();
        this.context = context.context();
        this.transport = transport;
    }

    /** Begins to listen. */
    synchronized void listen(HintListener told) {
        listener = told;
        if (config.hint().kind() != HttpConfig.Hint.Kind.NONE) {
            told.pending(); // The server has yet to answer.
        }
        switch (config.hint().kind()) {
            case NONE -> {}
            case SSE -> follow(told);
            case LONG_POLL -> waitForNews();
        }
    }

    /** A look has found {@code validators}: what is asked next is whether there is anything after it. */
    synchronized void looked(Validators validators) {
        held = validators;
        waitForNews();
    }

    private URI url() {
        URI first = config.urls().get(0);
        return config.hint()
                .url()
                .orElseGet(() -> config.hint().kind() == HttpConfig.Hint.Kind.SSE
                        ? URI.create(Urls.origin(first) + EVENTS)
                        : first);
    }

    private void follow(HintListener told) {
        EventLines events = new EventLines(told::lookNow, () -> alive(told));
        CompletableFuture<HttpResponse<@Nullable Void>> stream = begin(
                Map.of("Accept", "text/event-stream", "Cache-Control", "no-cache"),
                info -> info.statusCode() == 200 ? BodySubscribers.fromSubscriber(events) : headAlone());
        begun(stream, SILENCE);
        stream.whenComplete((response, failure) -> {
            String reason = failure != null
                    ? "the stream of events broke off: " + why(failure)
                    : response.statusCode() == 200
                            ? "the server ended the stream of events"
                            : "the server answered " + response.statusCode() + " instead of a stream of events";
            lost(stream, reason);
        });
    }

    /** A refusal is known with its head, whatever the server sends after it. */
    private static BodySubscriber<@Nullable Void> headAlone() {
        return BodySubscribers.mapping(new NoBody(), nothing -> null);
    }

    private void waitForNews() {
        HintListener told = listener;
        if (config.hint().kind() != HttpConfig.Hint.Kind.LONG_POLL
                || told == null
                || underWay != null
                || closed
                || held.isNone()
                || quickAnswers == PATIENCE) {
            return;
        }
        Map<String, String> headers = new HashMap<>(held.conditions());
        headers.put("Prefer", "wait=" + WAIT.toSeconds());
        Validators asked = held;
        long begin = context.ticker().getAsLong();
        CompletableFuture<HttpResponse<@Nullable Void>> request =
                begin(headers, info -> info.statusCode() == 200 ? BodySubscribers.replacing(null) : headAlone());
        begun(request, WAIT.plus(GRACE));
        request.whenComplete((response, failure) -> {
            if (failure != null) {
                lost(request, "the waiting request broke off: " + why(failure));
            } else if (response.statusCode() == 200) {
                answered(request, told, Duration.ofNanos(context.ticker().getAsLong() - begin), asked, response);
            } else if (response.statusCode() == 304) {
                nothing(request, told, Duration.ofNanos(context.ticker().getAsLong() - begin));
            } else {
                lost(request, "the server answered " + response.statusCode() + " to a waiting request");
            }
        });
    }

    /** Asks the server; what may not or cannot even be asked has failed already. */
    private CompletableFuture<HttpResponse<@Nullable Void>> begin(
            Map<String, String> headers, HttpResponse.BodyHandler<@Nullable Void> body) {
        try {
            return transport.begin(new Transport.Request("GET", url(), headers), body);
        } catch (StorageException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private static String why(Throwable failure) {
        return failure instanceof StorageException
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getSimpleName();
    }

    private void answered(
            CompletableFuture<?> request,
            HintListener told,
            Duration took,
            Validators asked,
            HttpResponse<@Nullable Void> response) {
        boolean same = response.headers().firstValue("ETag").orElse("").equals(asked.etag());
        if (same && !asked.etag().isEmpty()) {
            nothing(request, told, took);
            return;
        }
        synchronized (this) {
            if (over(request)) {
                return;
            }
            quickAnswers = 0;
        }
        told.holds();
        told.lookNow(); // The look begins the next request, with what it finds.
    }

    private void nothing(CompletableFuture<?> request, HintListener told, Duration took) {
        boolean useless;
        synchronized (this) {
            if (over(request)) {
                return;
            }
            quickAnswers = took.compareTo(AT_ONCE) < 0 ? quickAnswers + 1 : 0;
            useless = quickAnswers == PATIENCE;
            waitForNews();
        }
        told.holds();
        if (useless) {
            told.pollingOnly(
                    "the server answers at once instead of waiting for news, so 'hint: long-poll' is of no use");
        }
    }

    private void begun(CompletableFuture<?> request, Duration silence) {
        underWay = request;
        holding = false;
        watch(request, arrived, silence);
    }

    /** Ends {@code request} if nothing arrives for {@code silence}. */
    private void watch(CompletableFuture<?> request, long seen, Duration silence) {
        try {
            alarm = context.scheduler()
                    .schedule(() -> ring(request, seen, silence), silence.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            request.cancel(true); // The context was closed: nobody will look any more.
        }
    }

    private void ring(CompletableFuture<?> request, long seen, Duration silence) {
        boolean dead;
        synchronized (this) {
            if (underWay != request) {
                return;
            }
            dead = arrived == seen;
            if (!dead) {
                watch(request, arrived, silence);
            }
        }
        if (dead) {
            request.cancel(true);
        }
    }

    private void alive(HintListener told) {
        boolean first;
        synchronized (this) {
            arrived++;
            first = !holding;
            holding = true;
        }
        if (first) {
            told.holds();
        }
    }

    /** Returns whether {@code request} is not what is waited for any more; if it is, it is so no longer. */
    private boolean over(CompletableFuture<?> request) {
        if (closed || underWay != request) {
            return true;
        }
        underWay = null;
        Future<?> ringing = alarm;
        if (ringing != null) {
            ringing.cancel(false);
        }
        return false;
    }

    private void lost(CompletableFuture<?> request, String reason) {
        HintListener told;
        synchronized (this) {
            if (over(request)) {
                return;
            }
            told = listener;
            listener = null; // Whoever listens does so again after a pause; until then a look begins nothing.
        }
        Optional.ofNullable(told).ifPresent(one -> one.lost(watchLost(reason)));
    }

    private StorageException watchLost(String reason) {
        return new WatchException(Problem.in(driverId, reason).at(Urls.shown(url())));
    }

    @Override
    public synchronized void close() {
        closed = true;
        Future<?> ringing = alarm;
        if (ringing != null) {
            ringing.cancel(false);
        }
        CompletableFuture<?> ending = underWay;
        if (ending != null) {
            ending.cancel(true);
        }
    }
}

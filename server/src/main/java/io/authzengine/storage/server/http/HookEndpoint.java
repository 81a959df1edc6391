package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes webhooks as hints to look now. What they say is never used, so the worst that a forged one could do is to cause a look; it is
 * refused all the same.
 */
final class HookEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(HookEndpoint.class);
    private static final int MAX_BODY = 5 * 1024 * 1024;

    /** So many bodies are read at once. A thread waits for each, and until it is there nobody has shown that they know the secret. */
    private static final int MAX_READERS = 8;

    private static final String RETRY_SECONDS = "1";

    private final Map<String, Hook> hooks;
    private final PolicyStore store;
    private final StorageContext context;
    private final DeliveryMemory memory;
    private final BodyReader bodies;
    private final Semaphore readers = new Semaphore(MAX_READERS);
    private final AtomicBoolean lookIsDue = new AtomicBoolean();

    HookEndpoint(List<Hook> hooks, PolicyStore store, StorageContext context) {
        this.hooks = hooks.stream().collect(Collectors.toMap(Hook::driver, hook -> hook));
        this.store = store;
        this.context = context;
        this.memory = new DeliveryMemory(context.ticker());
        this.bodies = new BodyReader(MAX_BODY, context.ticker());
    }

    void register(RoutesConfig routes) {
        routes.post("/hooks/{driver}", this::take);
    }

    private void take(Context request) {
        Hook hook = hooks.get(request.pathParam("driver"));
        if (hook == null) {
            Problems.reply(
                    request,
                    HttpStatus.NOT_FOUND,
                    "There is no such hook; server.hooks in the configuration lists them",
                    null);
            return;
        }
        Function<String, Optional<String>> header = name -> Optional.ofNullable(request.header(name));
        if (header.apply(hook.provider().proofHeader()).isEmpty()) {
            refuseUnproven(request, hook); // Nothing that the body holds could change that.
        } else if (readers.tryAcquire()) {
            byte[] body;
            try {
                body = bodies.read(request);
            } finally {
                readers.release();
            }
            judge(request, hook, header, body);
        } else {
            request.header("Retry-After", RETRY_SECONDS);
            Problems.reply(
                    request,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "Too many webhooks are being received at once; send it again later",
                    null);
        }
    }

    private void judge(Context request, Hook hook, Function<String, Optional<String>> header, byte[] body) {
        if (!hook.provider().isProven(hook.secret(), header, body)) {
            refuseUnproven(request, hook);
        } else if (hook.provider().delivery(header).isEmpty()) {
            Problems.reply(
                    request,
                    HttpStatus.BAD_REQUEST,
                    "The header " + hook.provider().idHeader() + " must name the delivery",
                    null);
        } else if (!memory.isNew(marks(hook, header))) {
            Problems.reply(request, HttpStatus.CONFLICT, "This delivery was taken already", null);
        } else {
            look(hook);
            request.status(HttpStatus.ACCEPTED);
        }
    }

    private static void refuseUnproven(Context request, Hook hook) {
        LOG.warn(
                "A webhook for {} was refused: its {} is wrong or missing",
                hook,
                hook.provider().proofHeader());
        Problems.reply(
                request,
                HttpStatus.UNAUTHORIZED,
                "The header " + hook.provider().proofHeader() + " does not show that you know the secret",
                null);
    }

    /** The id of a delivery is not signed by most, so what is signed is remembered too: whoever sends it again may change the id. */
    private static List<String> marks(Hook hook, Function<String, Optional<String>> header) {
        List<String> marks = new ArrayList<>();
        hook.provider().delivery(header).ifPresent(id -> marks.add(hook.driver() + " " + id));
        if (hook.provider() != HookProvider.GITLAB) {
            header.apply(hook.provider().proofHeader()).ifPresent(proof -> marks.add(hook.driver() + " " + proof));
        }
        return marks;
    }

    /** Of many hints at once, the first causes a look, and the others one more after it. */
    private void look(Hook hook) {
        if (!lookIsDue.compareAndSet(false, true)) {
            return;
        }
        try {
            context.workers().execute(() -> {
                lookIsDue.set(false);
                try {
                    store.checkAndReload();
                } catch (StorageException | IllegalStateException e) {
                    // Told by health and by the log of the driver, which looks again by itself.
                    LOG.debug("The look that {} asked for failed", hook, e);
                }
            });
        } catch (RejectedExecutionException e) {
            lookIsDue.set(false);
            LOG.debug("{} came while policyd was ending", hook);
        }
    }
}

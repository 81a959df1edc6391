package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.StorageException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
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

    private final Map<String, Hook> hooks;
    private final PolicyStore store;
    private final StorageContext context;
    private final DeliveryMemory memory;
    private final AtomicBoolean lookIsDue = new AtomicBoolean();

    HookEndpoint(List<Hook> hooks, PolicyStore store, StorageContext context) {
        this.hooks = hooks.stream().collect(Collectors.toMap(Hook::driver, hook -> hook));
        this.store = store;
        this.context = context;
        this.memory = new DeliveryMemory(context.ticker());
    }

    void register(RoutesConfig routes) {
        routes.post("/hooks/{driver}", this::take);
    }

    private void take(Context request) throws IOException {
        Hook hook = hooks.get(request.pathParam("driver"));
        if (hook == null) {
            Problems.reply(
                    request,
                    HttpStatus.NOT_FOUND,
                    "There is no such hook; server.hooks in the configuration lists them",
                    null);
            return;
        }
        byte[] body = body(request);
        Function<String, Optional<String>> header = name -> Optional.ofNullable(request.header(name));
        if (body.length > MAX_BODY) {
            Problems.reply(
                    request, HttpStatus.CONTENT_TOO_LARGE, "More than " + MAX_BODY + " bytes are not taken", null);
        } else if (!hook.provider().isProven(hook.secret(), header, body)) {
            LOG.warn(
                    "A webhook for {} was refused: its {} is wrong or missing",
                    hook,
                    hook.provider().proofHeader());
            Problems.reply(
                    request,
                    HttpStatus.UNAUTHORIZED,
                    "The header " + hook.provider().proofHeader() + " does not show that you know the secret",
                    null);
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

    private static byte[] body(Context request) throws IOException {
        try (InputStream in = request.req().getInputStream()) {
            return in.readNBytes(MAX_BODY + 1);
        }
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

package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.StoreStatus;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.server.view.FreshView;
import io.authzengine.storage.server.view.HealthView;
import io.authzengine.storage.server.view.Json;
import io.authzengine.storage.server.view.ReadyView;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says how the store is doing, to people and to orchestrators. */
final class HealthEndpoints {
    private final PolicyStore store;

    HealthEndpoints(PolicyStore store) {
        this.store = store;
    }

    void register(RoutesConfig routes) {
        routes.get("/health", this::health);
        routes.get("/health/live", context -> json(context, HttpStatus.OK, Map.of("live", true)));
        routes.get("/health/ready", this::ready);
        routes.get("/health/fresh", this::fresh);
    }

    private void health(Context context) {
        StoreStatus status = store.status();
        boolean unhealthy = status.health().status() == HealthStatus.Status.UNHEALTHY;
        json(context, unhealthy ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK, HealthView.of(status));
    }

    private void ready(Context context) {
        PolicySnapshot current = store.current();
        boolean ready = !current.version().isNone() && !current.isBlocked();
        json(
                context,
                ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
                new ReadyView(ready, current.version().number(), current.size(), ready ? null : whyNot()));
    }

    private void fresh(Context context) {
        StoreStatus status = store.status();
        boolean fresh = status.isReady() && status.freshness() == Freshness.FRESH;
        json(
                context,
                fresh ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
                new FreshView(
                        fresh,
                        status.version().number(),
                        status.age().map(Duration::toSeconds).orElse(null),
                        fresh ? null : whyNot()));
    }

    private @Nullable String whyNot() {
        return store.progress()
                .map(progress -> "loading: " + progress.done() + " of " + progress.total() + " documents")
                .orElseGet(() -> store.status().health().message());
    }

    private static void json(Context context, HttpStatus status, Object view) {
        context.status(status).contentType("application/json").result(Json.utf8(view));
    }
}

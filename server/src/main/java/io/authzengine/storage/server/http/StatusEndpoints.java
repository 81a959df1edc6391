package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.server.view.DriverListView;
import io.authzengine.storage.server.view.DriverView;
import io.authzengine.storage.server.view.ReloadsView;
import io.authzengine.storage.server.view.StatisticsView;
import io.authzengine.storage.server.view.StatusView;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Tells programs and people all there is to say of the store. */
final class StatusEndpoints {
    private final PolicyStore store;
    private final StatusView.Server server;
    private final IntSupplier streamReaders;
    private volatile @Nullable Warned warned; // Of the version asked for last; whoever makes it anew makes the same.

    StatusEndpoints(PolicyStore store, Instant startedAt, IntSupplier streamReaders) {
        this.store = store;
        this.server =
                new StatusView.Server(BuildInfo.version(), Runtime.version().toString(), startedAt);
        this.streamReaders = streamReaders;
    }

    private record Warned(long version, List<Finding> findings) {}

    void register(RoutesConfig routes) {
        routes.get("/api/status", this::status);
        routes.get("/api/drivers", this::drivers);
        routes.get("/api/drivers/<id>", this::driver);
        routes.get("/api/reloads", this::reloads);
        routes.get("/api/statistics", this::statistics);
    }

    private void status(Context context) {
        Parameters.of(context);
        PolicySnapshot current = store.current();
        Replies.json(
                context,
                StatusView.of(
                        store.status(),
                        current,
                        warnings(current),
                        server,
                        Caller.of(context).rightNames()));
    }

    /** The gates are asked once for each version, not at each look. */
    private List<Finding> warnings(PolicySnapshot current) {
        if (current.version().isNone() || current.isBlocked()) {
            return List.of();
        }
        Warned known = warned;
        if (known == null || known.version != current.version().number()) {
            List<Finding> findings = store.plan(Map.of()).findings();
            known = new Warned(
                    current.version().number(),
                    findings.stream().filter(finding -> !finding.isError()).toList());
            warned = known;
        }
        return known.findings;
    }

    private void drivers(Context context) {
        Parameters.of(context);
        Replies.json(context, new DriverListView(views()));
    }

    private Map<String, DriverView> views() {
        return DriverView.byId(store.status().drivers());
    }

    private void driver(Context context) {
        Map<String, DriverView> views = views();
        Replies.json(
                context,
                DriverView.find(views, context.pathParam("id"))
                        .orElseThrow(() -> new RefusedException(
                                ProblemCode.DRIVER_NOT_FOUND, "No driver has this id; GET /api/drivers lists them")));
    }

    private void reloads(Context context) {
        Parameters.of(context);
        Replies.json(context, ReloadsView.of(store.status(), store.progress()));
    }

    private void statistics(Context context) {
        Parameters.of(context);
        Replies.json(
                context,
                StatisticsView.of(
                        store.current(), store.counters(), store.history().statistics(), streamReaders.getAsInt()));
    }
}

package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.Explanation;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.server.view.ExplanationView;
import io.authzengine.storage.server.view.FindingView;
import io.authzengine.storage.server.view.Json;
import io.authzengine.storage.server.view.PolicyDetailView;
import io.authzengine.storage.server.view.PolicyListView;
import io.authzengine.storage.snapshot.Lookup;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;

/** Shows what is served. Each answer is of one version, which the header {@code Policy-Version} names. */
final class PolicyEndpoints {
    private final PolicyStore store;

    PolicyEndpoints(PolicyStore store) {
        this.store = store;
    }

    void register(RoutesConfig routes) {
        routes.get("/api/policies", this::list);
        routes.get("/api/policies/<id>", this::one);
        routes.get("/api/explain/<id>", this::explain);
    }

    private void list(Context context) {
        PolicyQuery query = PolicyQuery.of(context.queryParamMap());
        PolicySnapshot snapshot = pin(context);
        json(context, PolicyListView.page(snapshot, query.select(snapshot), query.offset(), query.limit()));
    }

    private void one(Context context) {
        PolicySnapshot snapshot = pin(context);
        Lookup found = snapshot.lookup(new PolicyId(context.pathParam("id")));
        if (found instanceof Lookup.Active active) {
            json(context, PolicyDetailView.of(active.policy()));
        } else if (found instanceof Lookup.Quarantined blocked) {
            Problems.reply(
                    context,
                    HttpStatus.LOCKED,
                    "The policy is known but blocked until its document is mended; treat what it governs as denied",
                    blocked.reasons().stream().map(FindingView::of).toList());
        } else {
            Problems.reply(
                    context,
                    HttpStatus.NOT_FOUND,
                    "No policy has this id in version " + snapshot.version().number()
                            + "; GET /api/policies lists the ids, which look like resource.NAME.vVERSION/SCOPE",
                    null);
        }
    }

    private void explain(Context context) {
        PolicySnapshot snapshot = pin(context);
        PolicyId id = new PolicyId(context.pathParam("id"));
        if (snapshot.version().isNone()) {
            Problems.reply(
                    context, HttpStatus.SERVICE_UNAVAILABLE, "Nothing is served yet; GET /health/ready says why", null);
            return;
        }
        Explanation explanation = store.explain(id);
        if (explanation.sources().isEmpty() && explanation.findings().isEmpty()) {
            Problems.reply(
                    context, HttpStatus.NOT_FOUND, "No source has this id; GET /api/policies lists the ids", null);
        } else {
            json(context, ExplanationView.of(explanation, snapshot));
        }
    }

    private PolicySnapshot pin(Context context) {
        PolicySnapshot snapshot = store.current();
        context.header("Policy-Version", Long.toString(snapshot.version().number()));
        return snapshot;
    }

    private static void json(Context context, Object view) {
        context.contentType("application/json").result(Json.utf8(view));
    }
}

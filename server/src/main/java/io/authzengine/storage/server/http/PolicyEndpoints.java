package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.Explanation;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.server.view.ExplanationView;
import io.authzengine.storage.server.view.FindingView;
import io.authzengine.storage.server.view.PolicyDetailView;
import io.authzengine.storage.server.view.PolicyListView;
import io.authzengine.storage.snapshot.Lookup;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;

/** Shows what is served. Each answer is of one version, which the header {@code Policy-Version} names. */
final class PolicyEndpoints {
    private final PolicyStore store;
    private final Versions versions;

    PolicyEndpoints(PolicyStore store) {
        this.store = store;
        this.versions = new Versions(store);
    }

    void register(RoutesConfig routes) {
        routes.get("/api/policies", this::list);
        routes.get("/api/policies/<id>", this::one);
        routes.get("/api/explain/<id>", this::explain);
    }

    private void list(Context context) {
        PolicyQuery query = PolicyQuery.of(context);
        PolicySnapshot snapshot = pin(context);
        if (Replies.isKnown(context, tag(snapshot))) {
            return;
        }
        Replies.json(context, PolicyListView.page(snapshot, query.select(snapshot), query.offset(), query.limit()));
    }

    /** The digest is of what is served alone; what is blocked, and for its age, is in the answer too. */
    private static String tag(PolicySnapshot snapshot) {
        return snapshot.version().number() + "-" + snapshot.digest() + (snapshot.isBlocked() ? "-blocked" : "");
    }

    private void one(Context context) {
        Optional<String> version = Parameters.of(context, "version").text("version");
        PolicySnapshot snapshot = version.isPresent() ? versions.named(version.get()) : store.current();
        name(context, snapshot);
        Lookup found = snapshot.lookup(new PolicyId(context.pathParam("id")));
        if (found instanceof Lookup.Active active) {
            if (!Replies.isKnown(
                    context, tag(store.current()) + "-" + snapshot.version().number())) {
                Replies.json(context, PolicyDetailView.of(active.policy(), versions.steps(found.id())));
            }
        } else if (found instanceof Lookup.Quarantined blocked) {
            Problems.reply(
                    context,
                    ProblemCode.POLICY_BLOCKED,
                    "The policy is known but blocked until its document is mended; treat what it governs as denied",
                    blocked.reasons().stream().map(FindingView::of).toList());
        } else {
            Problems.reply(
                    context,
                    ProblemCode.POLICY_NOT_FOUND,
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
                    context, ProblemCode.NOTHING_SERVED, "Nothing is served yet; GET /health/ready says why", null);
            return;
        }
        Explanation explanation = store.explain(id);
        if (explanation.sources().isEmpty() && explanation.findings().isEmpty()) {
            Problems.reply(
                    context,
                    ProblemCode.POLICY_NOT_FOUND,
                    "No source has this id; GET /api/policies lists the ids",
                    null);
        } else {
            Replies.json(context, ExplanationView.of(explanation, snapshot));
        }
    }

    private PolicySnapshot pin(Context context) {
        PolicySnapshot snapshot = store.current();
        name(context, snapshot);
        return snapshot;
    }

    private static void name(Context context, PolicySnapshot snapshot) {
        context.header("Policy-Version", Long.toString(snapshot.version().number()));
    }
}

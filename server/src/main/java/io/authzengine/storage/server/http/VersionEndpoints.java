package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.server.view.DiffView;
import io.authzengine.storage.server.view.VersionListView;
import io.authzengine.storage.server.view.VersionView;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Shows the sets that were served, and what leads from one to another. */
final class VersionEndpoints {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 1_000;

    private final PolicyStore store;
    private final Versions versions;

    VersionEndpoints(PolicyStore store) {
        this.store = store;
        this.versions = new Versions(store);
    }

    void register(RoutesConfig routes) {
        routes.get("/api/versions", this::list);
        routes.get("/api/versions/{version}", this::one);
        routes.get("/api/diff", this::diff);
        routes.get("/api/as-of", this::asOf);
    }

    private void list(Context context) {
        Parameters parameters = Parameters.of(context, "limit", "offset");
        int limit = parameters.number("limit", DEFAULT_LIMIT, MAX_LIMIT);
        int offset = parameters.number("offset", 0, Integer.MAX_VALUE);
        List<PolicyVersion> all = versions.newestFirst();
        List<VersionView> page = all.stream()
                .skip(offset)
                .limit(limit)
                .flatMap(version -> store.history().find(version.number()).stream())
                .map(this::view)
                .toList();
        Replies.json(context, new VersionListView(store.current().version().number(), all.size(), offset, page));
    }

    private VersionView view(PolicySnapshot snapshot) {
        return VersionView.of(snapshot, versions.before(snapshot));
    }

    private void one(Context context) {
        Parameters.of(context);
        Replies.json(context, view(versions.named(context.pathParam("version"))));
    }

    private void diff(Context context) {
        Parameters parameters = Parameters.of(context, "from", "to", "policy");
        PolicySnapshot from = versions.named(parameters.text("from").orElse("previous"));
        PolicySnapshot to = versions.named(parameters.text("to").orElse("current"));
        Optional<PolicyId> policy = parameters.text("policy").map(PolicyId::new);
        try {
            Replies.json(
                    context,
                    DiffView.of(
                            store.history()
                                    .diff(from.version().number(), to.version().number()),
                            policy));
        } catch (NoSuchElementException e) {
            throw new RefusedException(ProblemCode.VERSION_NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }

    private void asOf(Context context) {
        Instant at = Parameters.of(context, "at")
                .text("at")
                .map(VersionEndpoints::instant)
                .orElseThrow(() -> new IllegalArgumentException("Name a time: ?at=2026-01-31T12:00:00Z"));
        Replies.json(
                context,
                view(store.history()
                        .asOf(at)
                        .orElseThrow(() -> versions.notFound("What was served at " + at + " is not remembered"))));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'at' is a time such as 2026-01-31T12:00:00Z", e);
        }
    }
}

package io.authzengine.storage.server.http;

import io.authzengine.storage.ConfirmationConflictException;
import io.authzengine.storage.PolicyHistory;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.server.view.ChangedView;
import io.authzengine.storage.server.view.PlanView;
import io.authzengine.storage.server.view.RollbackView;
import io.authzengine.storage.server.view.StatusView;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets people decide what is served. Each decision is in the log, with who made it and from where. */
final class ChangeEndpoints {
    static final Set<String> PATHS =
            Set.of("/api/plan", "/api/reload", "/api/confirm", "/api/rollback", "/api/pin", "/api/unpin");

    private static final Logger AUDIT = LoggerFactory.getLogger("io.authzengine.storage.server.audit");
    private static final int LONGEST_NOTE = 1_000;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final PolicyStore store;
    private final Versions versions;
    private final BodyReader bodies;

    ChangeEndpoints(PolicyStore store, LongSupplier ticker) {
        this.store = store;
        this.versions = new Versions(store);
        this.bodies = new BodyReader(JsonBody.MAX_BYTES, ticker);
    }

    void register(RoutesConfig routes) {
        routes.post("/api/plan", this::plan);
        routes.post("/api/reload", this::reload);
        routes.post("/api/confirm", this::confirm);
        routes.post("/api/rollback", this::rollback);
        routes.post("/api/pin", this::pin);
        routes.post("/api/unpin", this::unpin);
    }

    private void plan(Context context) {
        body(context);
        served();
        Replies.json(context, PlanView.of(store.planSource()));
    }

    private void reload(Context context) {
        boolean force = body(context, "force").flag("force");
        CheckMode mode = force ? CheckMode.FORCE : CheckMode.IF_CHANGED;
        decide(context, "asked for a look at the sources", Note.NONE, () -> store.checkAndReload(mode));
    }

    private void confirm(Context context) {
        JsonBody body = body(context, "digest", "reason");
        String digest = body.text("digest")
                .filter(text -> DIGEST.matcher(text).matches())
                .orElseThrow(() -> new RefusedException(
                        ProblemCode.INVALID_JSON,
                        "Name what you have looked at, as in {\"digest\": \"64 hexadecimal digits\"}; POST /api/plan tells"
                                + " the digest"));
        Note note = note(context, body, "");
        try {
            decide(
                    context,
                    "confirms what is held back for disappearing policies, if it is " + digest,
                    note,
                    () -> store.confirm(digest));
        } catch (ConfirmationConflictException e) {
            throw new RefusedException(ProblemCode.CONFLICT, e.getMessage() + "; POST /api/plan shows it");
        }
    }

    private void pin(Context context) {
        Note note = note(context, body(context, "reason"), "");
        served();
        decide(context, "pinned what is served", note, () -> {
            store.history().pin(note);
            return false;
        });
    }

    private void unpin(Context context) {
        Note note = note(context, body(context, "reason"), "");
        decide(context, "unpinned what is served", note, store.history()::unpin);
    }

    private void rollback(Context context) {
        JsonBody body = body(context, "version", "reason", "author", "dryRun");
        String to = body.textOrNumber("version")
                .orElseThrow(() -> new RefusedException(
                        ProblemCode.INVALID_JSON, "Name the version to return to, as in {\"version\": \"previous\"}"));
        Note note = note(context, body, body.text("author").orElse(""));
        served();
        PolicySnapshot target = versions.named(to);
        PolicyHistory history = store.history();
        try {
            if (body.flag("dryRun")) {
                Replies.json(
                        context,
                        RollbackView.planned(
                                history.planRollback(target.version().number()), target));
                return;
            }
            audit(context, "rolls back to version " + target.version().number(), note);
            Replies.json(
                    context, RollbackView.of(history.rollback(target.version().number(), note)));
        } catch (NoSuchElementException e) {
            throw new RefusedException(ProblemCode.VERSION_NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }

    private JsonBody body(Context context, String... known) {
        return JsonBody.of(context, bodies, known);
    }

    private static Note note(Context context, JsonBody body, String author) {
        String reason = body.text("reason").orElse("");
        if (reason.length() > LONGEST_NOTE || author.length() > LONGEST_NOTE) {
            throw new IllegalArgumentException("A reason and an author have at most " + LONGEST_NOTE + " characters");
        }
        return Caller.of(context).note(reason, author);
    }

    private void served() {
        if (store.current().version().isNone()) {
            throw new RefusedException(ProblemCode.NOTHING_SERVED, "Nothing is served yet; GET /health/ready says why");
        }
    }

    private void decide(Context context, String what, Note note, BooleanSupplier decision) {
        audit(context, what, note);
        boolean changed = decision.getAsBoolean();
        Replies.json(
                context, new ChangedView(changed, store.current().version().number(), StatusView.mode(store.status())));
    }

    /** What was asked for is quoted, so that nobody can write lines of their own into the log. */
    private static void audit(Context context, String what, Note note) {
        String who = note.author().isEmpty() ? Caller.of(context).note("", "").author() : note.author();
        AUDIT.info("{} {}{}", quoted(who), what, note.comment().isEmpty() ? "" : ": " + quoted(note.comment()));
    }

    private static String quoted(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}

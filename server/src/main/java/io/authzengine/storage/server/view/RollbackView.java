package io.authzengine.storage.server.view;

import io.authzengine.storage.ChangePlan;
import io.authzengine.storage.Rollback;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Instant;
import java.util.List;

/**
 * A return to an earlier set.
 *
 * @param rolledBack whether another set is being served for it
 * @param from the version that was left
 * @param to the version whose set is served again
 * @param version the version now served; on a dry run, the one that still is
 * @param policies how many policies are, or would be, served
 * @param at when that version was made
 * @param dryRun whether nothing was done
 * @param changes what it changes
 * @param findings what the gates say of that set today, on a dry run
 */
public record RollbackView(
        boolean rolledBack,
        long from,
        long to,
        long version,
        int policies,
        Instant at,
        boolean dryRun,
        ChangeSetView changes,
        List<FindingView> findings) {
    /** Returns the view of {@code rollback}. */
    public static RollbackView of(Rollback rollback) {
        PolicyVersion now = rollback.version();
        return new RollbackView(
                now.number() != rollback.from().number(),
                rollback.from().number(),
                rollback.to().number(),
                now.number(),
                rollback.policies(),
                now.createdAt(),
                false,
                ChangeSetView.of(rollback.changes(), now.createdAt(), null),
                List.of());
    }

    /** Returns the view of what a return to {@code target} would come to. */
    public static RollbackView planned(ChangePlan plan, PolicySnapshot target) {
        PolicyVersion base = plan.base();
        return new RollbackView(
                false,
                base.number(),
                target.version().number(),
                base.number(),
                plan.policies(),
                base.createdAt(),
                true,
                ChangeSetView.of(plan.changes(), base.createdAt(), plan.digest()),
                plan.findings().stream().map(FindingView::of).toList());
    }
}

package io.authzengine.storage.server.view;

import io.authzengine.storage.ChangePlan;
import java.util.List;

/**
 * What serving something would come to.
 *
 * @param passes whether it would be served
 * @param base the number of the version it was compared with
 * @param policies how many policies would be served
 * @param digest the digest they would have
 * @param needsConfirmation whether it would be served once somebody confirms that digest
 * @param changes what would change
 * @param findings what the gates say
 */
public record PlanView(
        boolean passes,
        long base,
        int policies,
        String digest,
        boolean needsConfirmation,
        ChangeSetView changes,
        List<FindingView> findings) {
    /** Returns the view of {@code plan}. */
    public static PlanView of(ChangePlan plan) {
        return new PlanView(
                plan.passes(),
                plan.base().number(),
                plan.policies(),
                plan.digest(),
                plan.needsConfirmation(),
                ChangeSetView.of(plan.changes(), plan.base().createdAt(), plan.digest()),
                plan.findings().stream().map(FindingView::of).toList());
    }
}

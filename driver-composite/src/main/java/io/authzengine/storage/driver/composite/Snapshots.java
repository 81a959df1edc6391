package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts what the drivers have together into what the composite has. Not thread-safe. */
final class Snapshots {
    private final String driverId;
    private final List<Child> children;
    private final EffectiveView view;
    private final StorageContext context;
    private final Set<Child> lookedSince = new HashSet<>();
    private final List<Missing> missing;
    private List<LoadResult> taken;
    private LoadResult current;

    /**
     * What was put together, and what led to it.
     *
     * @param contests the errors of the result that are no driver's own
     * @param complaints all that is wrong with what drivers say together
     */
    record Step(
            LoadResult result,
            List<LoadError> contests,
            List<Finding> complaints,
            PolicyChangeSet changes,
            boolean changed) {}

    Snapshots(String driverId, List<Child> children, EffectiveView view, StorageContext context) {
        this.driverId = driverId;
        this.children = children;
        this.view = view;
        this.context = context;
        this.missing = children.stream().map(child -> new Missing(child.id())).toList();
        this.taken = children.stream().map(child -> LoadResult.none(child.id())).toList();
        this.current = LoadResult.none(driverId);
    }

    LoadResult current() {
        return current;
    }

    /**
     * Says what an earlier process served: policies of these drivers or of some of them, and those it had to block, of which nobody knows any
     * more whose they were.
     */
    void servedBefore(PolicySnapshot last) {
        for (int i = 0; i < missing.size(); i++) {
            Set<String> ids = children.get(i).ids().collect(Collectors.toSet());
            Set<PolicyId> stated = last.policies().stream()
                    .filter(policy -> policy.parts().stream()
                            .anyMatch(part ->
                                    ids.contains(part.metadata().provenance().driverId())))
                    .map(Policy::id)
                    .collect(Collectors.toSet());
            stated.addAll(last.quarantined().keySet());
            missing.get(i).statedBefore(stated);
        }
    }

    /** Takes in what the drivers have now; empty if they have said nothing since, or a required one has nothing yet. */
    Optional<Step> take(String cause) {
        List<LoadResult> now = children.stream().map(Child::latest).toList();
        boolean news = false;
        boolean ready = true;
        for (int i = 0; i < now.size(); i++) {
            boolean looked = now.get(i).looks() != taken.get(i).looks();
            news |= looked || now.get(i).sequence() != taken.get(i).sequence();
            ready &= now.get(i).isLoaded() || !children.get(i).isRequired();
            if (looked) {
                lookedSince.add(children.get(i));
            }
        }
        if (!ready || !(news || !current.isLoaded())) {
            return Optional.empty();
        }
        taken = now;
        Instant at = context.clock().instant();
        return Optional.of(publish(update(now, at), now, cause, at));
    }

    /** Has the view take in what the drivers have, and what they may have where another would take its place. */
    private Set<PolicyId> update(List<LoadResult> now, Instant at) {
        for (int i = 0; i < now.size(); i++) {
            missing.get(i).take(now.get(i));
        }
        Set<PolicyId> touched = new HashSet<>(view.update(policies(), at));
        for (int i = 0; i < now.size(); i++) {
            String own = now.get(i).driverId();
            missing.get(i)
                    .keepOnly(id -> view.competitors(id).stream()
                            .anyMatch(claim -> !claim.driverId().equals(own)));
        }
        touched.addAll(view.update(policies(), at));
        return touched;
    }

    private List<PolicySet> policies() {
        return missing.stream().map(Missing::policies).toList();
    }

    private Step publish(Set<PolicyId> touched, List<LoadResult> now, String cause, Instant at) {
        LoadResult before = current;
        PolicyChangeSet changes = PolicyChangeSet.among(
                touched, before.policies(), view.effective(), driverId, before.sequence() + 1, cause, at);
        List<LoadError> contests = view.errors();
        List<LoadError> errors = new ArrayList<>(contests);
        List<Finding> warnings = new ArrayList<>(view.warnings());
        List<Finding> complaints = new ArrayList<>(warnings);
        missing.stream().flatMap(one -> one.error().stream()).forEach(errors::add);
        errors.forEach(error -> complaints.addAll(error.findings()));
        Map<String, String> revisions = new HashMap<>();
        for (LoadResult child : now) {
            errors.addAll(child.errors());
            warnings.addAll(child.warnings());
            revisions.putAll(child.revisions());
        }
        boolean changed = !before.isLoaded() || !changes.events().isEmpty() || !errors.equals(before.errors());
        current = new LoadResult(
                driverId,
                changed ? before.sequence() + 1 : before.sequence(),
                looks(before, !changes.events().isEmpty()),
                view.effective(),
                errors,
                warnings,
                revisions,
                changed ? at : before.loadedAt());
        return new Step(current, contests, complaints, changes, changed);
    }

    /**
     * A greater number is newer evidence for the same set, so all drivers must have looked again since it came to be: one of them alone
     * cannot confirm what another has lost.
     */
    private long looks(LoadResult before, boolean isNewSet) {
        boolean all = isNewSet ? children.stream().noneMatch(Child::isFailing) : lookedSince.containsAll(children);
        if (isNewSet || all) {
            lookedSince.clear();
        }
        return all || !before.isLoaded() ? before.looks() + 1 : before.looks();
    }
}

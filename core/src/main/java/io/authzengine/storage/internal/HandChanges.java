package io.authzengine.storage.internal;

import io.authzengine.storage.ChangePlan;
import io.authzengine.storage.Rollback;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.StoreOperation.Kind;
import io.authzengine.storage.StoreStatus.Departure.Reason;
import io.authzengine.storage.TransactionConflictException;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.gate.Candidate;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What somebody does to the store by hand, beside what the source brings: it passes the same gates and is served by the same swap. */
final class HandChanges {
    private final StoreEngine store;
    private final Candidates candidates;
    private final SourceDecisions decisions;
    private final StoreEvents events;
    private final StoreOperations operations;
    private final StoreJournal journal;

    HandChanges(
            StoreEngine store,
            Candidates candidates,
            SourceDecisions decisions,
            StoreEvents events,
            StoreOperations operations,
            StoreJournal journal) {
        this.store = store;
        this.candidates = candidates;
        this.decisions = decisions;
        this.events = events;
        this.operations = operations;
        this.journal = journal;
    }

    PolicyVersion update(Map<PolicyId, Optional<Policy>> changes, Note note) {
        return operations.measure(Kind.RELOAD, () -> store.writing(() -> apply(changes, note)));
    }

    PolicyVersion commit(StagedTransaction transaction, Note note) {
        return operations.measure(
                Kind.RELOAD,
                () -> store.writing(() -> {
                    requireNoConflict(transaction);
                    return apply(transaction.changes(), note);
                }));
    }

    /** What others changed in the meantime stays, unless the transaction changes the same. */
    private void requireNoConflict(StagedTransaction transaction) {
        PolicySnapshot base = transaction.base();
        PolicySnapshot current = store.served();
        if (base.version().number() == current.version().number()) {
            return;
        }
        List<PolicyId> both = base.policies().differences(current.policies()).stream()
                .filter(transaction.changes().keySet()::contains)
                .sorted()
                .toList();
        if (!both.isEmpty()) {
            throw new TransactionConflictException(both, base.version(), current.version());
        }
    }

    private PolicyVersion apply(Map<PolicyId, Optional<Policy>> changes, Note note) {
        PolicySnapshot left = store.served();
        long begun = operations.begin();
        Candidates.Judged judged = judge(changes);
        operations.ended(Kind.VALIDATION, judged.verdict().passes(), begun);
        if (!judged.verdict().passes()) {
            List<Finding> findings = judged.verdict().byHand();
            journal.refusedByHand(findings, judged.candidate(), note);
            throw new ValidationException(
                    Problem.in(store.driverId(), Refusals.describe(findings))
                            .remedy("mend it and try again; version "
                                    + left.version().number() + " is still served"),
                    findings);
        }
        if (StoreEngine.differs(judged.candidate())) {
            store.serve(judged.candidate(), Occasion.update(left.version(), note));
            decided(Reason.CHANGED_BY_HAND, left);
        }
        return store.served().version();
    }

    private Candidates.Judged judge(Map<PolicyId, Optional<Policy>> changes) {
        PolicySnapshot current = store.served();
        Map<PolicyId, List<Finding>> blocked = new HashMap<>(current.quarantined());
        blocked.keySet().removeAll(changes.keySet());
        Map<PolicyId, Optional<Policy>> news = new HashMap<>(changes);
        // What somebody hands in as it is served already keeps its place at the source.
        news.entrySet()
                .removeIf(
                        change -> text(current.policies().find(change.getKey())).equals(text(change.getValue())));
        // What nobody can read at the source stays unknown, whatever is done here.
        PolicySet policies = current.policies().with(news);
        return candidates.judge(current, new PolicySnapshot(current.version(), policies, blocked, current.leftOut()));
    }

    private static Optional<String> text(Optional<Policy> policy) {
        return policy.map(known -> known.metadata().contentHash());
    }

    private void decided(Reason reason, PolicySnapshot left) {
        decisions.decided(reason, left, store.served());
        journal.departs(decisions.departures());
    }

    ChangePlan plan(Map<PolicyId, Optional<Policy>> changes) {
        return planned(store.writing(() -> judge(changes)), Occasion.UPDATE);
    }

    ChangePlan plan(StagedTransaction transaction) {
        Candidates.Judged judged = store.writing(() -> {
            requireNoConflict(transaction);
            return judge(transaction.changes());
        });
        return planned(judged, Occasion.UPDATE);
    }

    ChangePlan planRollback(Supplier<PolicySnapshot> choice) {
        Candidates.Judged judged = store.writing(() -> {
            PolicySnapshot target = choice.get();
            return candidates.judge(store.served(), target);
        });
        return planned(judged, Occasion.ROLLBACK);
    }

    ChangePlan planSource(Supplier<LoadResult> source) {
        Candidates.Judged judged = store.writing(() -> store.judge(source.get()));
        boolean shrinksOnly =
                judged.verdict().passes() && !judged.verdict().shrinkage().isEmpty();
        return planned(judged, judged.findings(), Occasion.MANUAL, shrinksOnly);
    }

    private ChangePlan planned(Candidates.Judged judged, String cause) {
        return planned(judged, judged.verdict().byHand(), cause, false); // Who names what goes need not confirm it.
    }

    private ChangePlan planned(
            Candidates.Judged judged, List<Finding> findings, String cause, boolean needsConfirmation) {
        Candidate candidate = judged.candidate();
        PolicyVersion base = candidate.current().version();
        PolicyVersion next = new PolicyVersion(base.number() + 1, base.revisions(), store.now(), cause, "");
        return new ChangePlan(
                base,
                candidate.changes(store.driverId(), next),
                findings,
                candidate.policies().size(),
                candidate.policies().digest(),
                needsConfirmation);
    }

    /** Serves an earlier set again: no gate is asked, and nothing is built, so that it is as quick and as sure as can be. */
    Rollback rollback(Supplier<PolicySnapshot> choice, Note note) {
        return operations.measure(Kind.ROLLBACK, () -> returnTo(choice, note));
    }

    private Rollback returnTo(Supplier<PolicySnapshot> choice, Note note) {
        return store.writing(() -> {
            PolicySnapshot left = store.served();
            PolicySnapshot target = choice.get();
            if (target.sameContentAs(left)) {
                PolicyChangeSet none =
                        new PolicyChangeSet(store.driverId(), left.version().number(), Occasion.ROLLBACK, List.of());
                return new Rollback(left.version(), target.version(), left.version(), left.size(), none);
            }
            Candidate candidate = candidates.of(left, target);
            PolicyChangeSet changes = store.serve(candidate, Occasion.rollback(target.version(), note));
            PolicyVersion now = store.served().version();
            decided(Reason.ROLLED_BACK, left);
            events.publish(new StoreEvent.RolledBack(now.createdAt(), now, left.version(), target.version()));
            return new Rollback(left.version(), target.version(), now, target.size(), changes);
        });
    }

    void pin(Note note) {
        store.writing(() -> {
            if (store.served().version().isNone()) {
                throw new IllegalStateException("there is nothing to pin: nothing is served yet");
            }
            decisions.pin(note, store.now());
            journal.departs(decisions.departures());
            return note;
        });
    }

    boolean unpin() {
        long before = store.served().version().number();
        store.writing(() -> {
            decisions.unpin();
            journal.departs(decisions.departures());
            return before;
        });
        store.reconcile("unpin");
        return store.served().version().number() != before;
    }
}

package io.authzengine.storage.internal;

import io.authzengine.storage.ChangePlan;
import io.authzengine.storage.PolicyTransaction;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Stages what is to be changed; the engine alone publishes it. */
final class StagedTransaction implements PolicyTransaction {
    private final HandChanges byHand;
    private final String id;
    private final PolicySnapshot base;
    private final Map<PolicyId, Optional<Policy>> changes = new HashMap<>();
    private State state = State.OPEN;

    StagedTransaction(HandChanges byHand, String id, PolicySnapshot base) {
        this.byHand = byHand;
        this.id = id;
        this.base = base;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public PolicySnapshot base() {
        return base;
    }

    @Override
    public PolicySet staged() {
        return base.policies().with(changes);
    }

    @Override
    public Map<PolicyId, Optional<Policy>> changes() {
        return Map.copyOf(changes);
    }

    @Override
    public PolicyTransaction put(Policy policy) {
        requireOpen();
        changes.put(policy.id(), Optional.of(policy));
        return this;
    }

    @Override
    public PolicyTransaction remove(PolicyId policyId) {
        requireOpen();
        changes.put(Objects.requireNonNull(policyId, "policyId"), Optional.empty());
        return this;
    }

    @Override
    public ChangePlan plan() {
        requireOpen();
        return byHand.plan(this);
    }

    @Override
    public PolicyVersion commit(Note note) {
        requireOpen();
        Objects.requireNonNull(note, "note");
        state = State.ROLLED_BACK; // Unless it succeeds.
        PolicyVersion version = byHand.commit(this, note);
        state = State.COMMITTED;
        return version;
    }

    @Override
    public void rollback() {
        requireOpen();
        state = State.ROLLED_BACK;
    }

    @Override
    public void close() {
        if (state == State.OPEN) {
            rollback();
        }
    }

    private void requireOpen() {
        if (state != State.OPEN) {
            throw new IllegalStateException("the transaction " + id + " is over: "
                    + (state == State.COMMITTED ? "it was committed" : "it was rolled back") + "; begin another");
        }
    }
}

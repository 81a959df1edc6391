package io.authzengine.storage;

import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.Map;
import java.util.Optional;

/**
 * Changes by hand that are served together or not at all. Each transaction stages for itself, over the immutable set that was served
 * when it began; nobody sees anything of it before it is committed. Not thread-safe: one belongs to one thread, and any number may be
 * open at once.
 *
 * <pre>{@code
 * try (PolicyTransaction transaction = store.beginTransaction()) {
 *     transaction.put(policy);
 *     transaction.remove(obsolete);
 *     transaction.commit(Note.of("the new approval flow").by("alice"));
 * } // Without a commit, nothing has happened.
 * }</pre>
 *
 * @sdd 6.2
 */
public interface PolicyTransaction extends AutoCloseable {
    /** Where a transaction stands. */
    enum State {
        /** It can be changed, committed and rolled back. */
        OPEN,
        /** What it staged was served. */
        COMMITTED,
        /** It was rolled back or closed, or its commit was refused; nothing of it was served. */
        ROLLED_BACK
    }

    /** Returns a name of this transaction that no other of the process has. */
    String id();

    /** Returns where it stands. */
    State state();

    /** Returns what was served when it began. */
    PolicySnapshot base();

    /** Returns {@link #base} with all that is staged. */
    PolicySet staged();

    /** Returns what is staged: put where a policy is given, removed where it is empty. */
    Map<PolicyId, Optional<Policy>> changes();

    /**
     * Stages {@code policy}, in the place of one of the same id.
     *
     * @throws IllegalStateException if the transaction is over
     */
    PolicyTransaction put(Policy policy);

    /**
     * Stages the removal of the policy called {@code id}, which need not exist.
     *
     * @throws IllegalStateException if the transaction is over
     */
    PolicyTransaction remove(PolicyId id);

    /**
     * Returns what a commit would come to now; the transaction stays open.
     *
     * @throws TransactionConflictException as {@link #commit(Note)} would
     * @throws IllegalStateException if the transaction is over
     */
    ChangePlan plan();

    /**
     * Serves what is staged, on top of what is served now, if it passes the gates. What others have changed in the meantime stays. The
     * transaction is over then, whether it succeeds or not.
     *
     * @return the version being served: a new one, or the one there is if nothing would change
     * @throws TransactionConflictException if others have changed the same policies in the meantime; nothing of this transaction is
     *     served
     * @throws ValidationException if a gate refuses it, with all its findings; nothing of it is served
     * @throws IllegalStateException if the transaction is over already
     */
    PolicyVersion commit(Note note);

    /** Commits, by nobody in particular. */
    default PolicyVersion commit(String comment) {
        return commit(Note.of(comment));
    }

    /**
     * Drops what is staged.
     *
     * @throws IllegalStateException if the transaction is over already
     */
    void rollback();

    /** Rolls back if the transaction is still open. */
    @Override
    void close();
}

package io.authzengine.storage;

import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Since a transaction began, somebody else changed policies that it changes too. Nothing of it is served; begin another on what is
 * served now. Not a {@code StorageException}: no backend failed, and the same transaction will never succeed.
 */
public final class TransactionConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<PolicyId> ids;

    /**
     * @param ids the policies that both changed
     * @param base the version the transaction began at
     * @param current the version being served
     */
    public TransactionConflictException(List<PolicyId> ids, PolicyVersion base, PolicyVersion current) {
        super(ids.stream().map(PolicyId::value).collect(Collectors.joining(", ")) + " changed between version "
                + base.number() + ", at which the transaction began, and version " + current.number()
                + ", which is served; nothing of it is served: begin another transaction");
        this.ids = List.copyOf(ids);
    }

    /** Returns the policies that both changed, ordered. */
    public List<PolicyId> ids() {
        return ids;
    }
}

package io.authzengine.storage.policy;

import java.util.Objects;

/**
 * One immutable unit of rules: what it is, what it says, and the text it was read from.
 *
 * @param metadata id, kind, origin and hash
 * @param content what it says
 * @param raw the text it was read from
 * @sdd 4.2
 */
public record Policy(PolicyMetadata metadata, PolicyContent content, RawText raw) {
    public Policy {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(raw, "raw");
    }

    /** Returns the name under which it is found. */
    public PolicyId id() {
        return metadata.id();
    }

    /** Returns what sort of policy it is. */
    public PolicyKind kind() {
        return metadata.kind();
    }

    /** Returns whether {@code other} has the same id and the same text and comes from the same place. */
    public boolean sameAs(Policy other) {
        return id().equals(other.id())
                && metadata.contentHash().equals(other.metadata().contentHash())
                && metadata.source().equals(other.metadata().source());
    }

    @Override
    public String toString() {
        return id() + " from " + metadata.source();
    }
}

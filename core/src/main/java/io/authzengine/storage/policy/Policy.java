package io.authzengine.storage.policy;

import java.util.List;
import java.util.Objects;

/**
 * One immutable unit of rules: what it is, what it says, and the text it was read from.
 *
 * @param metadata id, kind, origin and hash
 * @param content what it says
 * @param raw the text it was read from; for one that was merged, the text that says what it says
 * @param mergedFrom the policies it was merged from, the one of highest precedence first, none of them merged itself; empty if it was read
 *     from one document
 * @sdd 4.2
 */
public record Policy(PolicyMetadata metadata, PolicyContent content, RawText raw, List<Policy> mergedFrom) {
    public Policy {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(raw, "raw");
        mergedFrom = List.copyOf(mergedFrom);
    }

    /** Makes a policy that was read from one document. */
    public Policy(PolicyMetadata metadata, PolicyContent content, RawText raw) {
        this(metadata, content, raw, List.of());
    }

    /** Returns the documents it was read from, the one of highest precedence first: itself, if it was not merged. */
    public List<Policy> parts() {
        return mergedFrom.isEmpty() ? List.of(this) : mergedFrom;
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
                && metadata.source().equals(other.metadata().source())
                && metadata.provenance()
                        .driverId()
                        .equals(other.metadata().provenance().driverId());
    }

    @Override
    public String toString() {
        return id() + " from " + metadata.source();
    }
}

package io.authzengine.storage.diff;

import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Value;

/**
 * One policy, as it was and as it is. Immutable; what is asked of it is computed anew each time.
 *
 * @param before as it was
 * @param after as it is, under the same id
 */
public record PolicyDiff(Policy before, Policy after) {
    public PolicyDiff {
        if (!before.id().equals(after.id())) {
            throw new IllegalArgumentException(before.id() + " cannot be compared with " + after.id());
        }
    }

    /** Returns which policy it is. */
    public PolicyId id() {
        return after.id();
    }

    /**
     * Returns what changed in its document, field by field, in the words of its author. Empty of operations if only comments, layout or the
     * place of the document changed.
     */
    public JsonPatch patch() {
        return JsonPatch.between(tree(before), tree(after));
    }

    /** Returns what changed in its text, as {@code diff -u} shows it; empty if only its place changed. */
    public String text() {
        return TextDiff.unified(
                before.metadata().source(),
                before.raw().toString(),
                after.metadata().source(),
                after.raw().toString());
    }

    private static Value tree(Policy policy) {
        // What is served was read once, so it can be read again; a text made by hand that is no document is shown
        // whole.
        return new PolicyParser(ParserLimits.DEFAULT)
                .tree(policy.raw().toByteArray(), policy.metadata().provenance().document())
                .orElseGet(() -> new Value.Text(policy.raw().toString()));
    }
}

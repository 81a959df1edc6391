package io.authzengine.storage.parser;

import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import java.util.Optional;
import java.util.Set;

/** Reads the part of a document that is the policy itself; one for each kind, used for one document. */
interface KindDecoder {
    /** Reads the mapping that is due under {@code key}, and notes what is wrong with it. */
    void read(Event key);

    /** Returns what was read; to be called only if nothing is wrong with the document. */
    PolicyContent content(DocumentHeader header);

    /** Returns the names of the variables defined on the spot. */
    default Set<String> localVariables() {
        return Set.of();
    }

    /** Returns whose errors the document's errors are, once all that makes an id has been read and is valid. */
    Optional<PolicyId> id();
}

package io.authzengine.storage.source;

import java.util.Objects;

/**
 * An opaque token of a whole backend: equal revisions mean equal content. A commit, a change counter, an ETag.
 *
 * @param token the token; empty if the backend has none, in which case nothing is concluded from it
 */
public record Revision(String token) {
    /** No revision: nothing was seen yet, or the backend has none. */
    public static final Revision NONE = new Revision("");

    public Revision {
        Objects.requireNonNull(token, "token");
    }

    /** Returns whether there is no revision. */
    public boolean isNone() {
        return token.isEmpty();
    }

    @Override
    public String toString() {
        return token;
    }
}

package io.authzengine.storage.server.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.authzengine.storage.policy.Policy;

/**
 * A policy with its text.
 *
 * @param policy what there is to know of it; its fields stand beside {@code raw}
 * @param raw the text exactly as it was read
 */
public record PolicyDetailView(@JsonUnwrapped PolicyView policy, String raw) {
    /** Returns the view of {@code policy}. */
    public static PolicyDetailView of(Policy policy) {
        return new PolicyDetailView(
                PolicyView.of(policy.metadata()), policy.raw().toString());
    }
}

package io.authzengine.storage.source;

import io.authzengine.storage.driver.DocumentCache;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of one location.
 *
 * @param token the token of the content that was last judged; empty if it must be read again in any case
 * @param policies what it held when it was last right
 * @param warnings what is to be said of its present content although it was taken
 * @param doubts in what the backend contradicts itself about it
 * @param error why its present content was not taken; empty if it was
 */
record LocationState(
        String token, List<Policy> policies, List<Finding> warnings, List<Finding> doubts, Optional<LoadError> error) {
    /** A location nothing is known of. */
    static final LocationState UNKNOWN = new LocationState("", List.of(), List.of(), List.of(), Optional.empty());

    /** Returns the state of a location whose content is known from an earlier process. */
    static LocationState remembered(DocumentCache.Document document) {
        return new LocationState(
                document.token(), document.policies(), document.warnings(), List.of(), Optional.empty());
    }

    LocationState {
        policies = List.copyOf(policies);
        warnings = List.copyOf(warnings);
        doubts = List.copyOf(doubts);
    }

    /** Returns whether {@code bytes} are what its one policy was read from, so that they need not be parsed again. */
    boolean holdsExactly(byte[] bytes) {
        return error.isEmpty() && policies.size() == 1 && policies.get(0).raw().contentEquals(bytes);
    }

    /** Returns this state as it was found again, of the same content. */
    LocationState confirmed(String newToken, List<Finding> newDoubts) {
        return new LocationState(newToken, policies, warnings, newDoubts, error);
    }

    Set<PolicyId> ids() {
        return policies.stream().map(Policy::id).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}

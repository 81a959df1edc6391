package io.authzengine.storage.server.http;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyKind;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which policies a request is for, and which page of them.
 *
 * @param wanted what a policy must be
 * @param limit how many at most
 * @param offset how many to skip
 */
record PolicyQuery(Predicate<PolicyMetadata> wanted, int limit, int offset) {
    private static final int DEFAULT_LIMIT = 1_000;
    private static final int MAX_LIMIT = 10_000;
    private static final Set<String> KNOWN = Set.of("kind", "name", "scope", "limit", "offset");

    /**
     * Reads the parameters of a request.
     *
     * @throws IllegalArgumentException if one is unknown, given twice or out of range
     */
    static PolicyQuery of(Map<String, List<String>> parameters) {
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            if (!KNOWN.contains(parameter.getKey())) {
                throw new IllegalArgumentException(
                        "Unknown parameter; there are " + String.join(", ", new TreeSet<>(KNOWN)));
            }
            if (parameter.getValue().size() > 1) {
                throw new IllegalArgumentException("Give the parameter '" + parameter.getKey() + "' once");
            }
        }
        Predicate<PolicyMetadata> wanted = equal(
                        kind(parameters), metadata -> metadata.kind().name())
                .and(equal(one(parameters, "name"), PolicyMetadata::name))
                .and(equal(one(parameters, "scope"), PolicyMetadata::scope));
        return new PolicyQuery(
                wanted,
                number(parameters, "limit", DEFAULT_LIMIT, MAX_LIMIT),
                number(parameters, "offset", 0, Integer.MAX_VALUE));
    }

    private static Optional<String> kind(Map<String, List<String>> parameters) {
        Optional<String> kind = one(parameters, "kind");
        List<String> known = PolicyKind.known().stream().map(PolicyKind::name).toList();
        if (kind.isPresent() && !known.contains(kind.get())) {
            throw new IllegalArgumentException("Unknown kind; there are " + String.join(", ", known));
        }
        return kind;
    }

    private static Optional<String> one(Map<String, List<String>> parameters, String name) {
        return parameters.getOrDefault(name, List.of()).stream().findFirst();
    }

    private static Predicate<PolicyMetadata> equal(Optional<String> value, Function<PolicyMetadata, String> property) {
        return value.<Predicate<PolicyMetadata>>map(
                        expected -> metadata -> property.apply(metadata).equals(expected))
                .orElse(metadata -> true);
    }

    private static int number(Map<String, List<String>> parameters, String name, int fallback, int max) {
        Optional<String> value = one(parameters, name);
        if (value.isEmpty()) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + name + "' is a whole number from 0 to " + max, e);
        }
        throw new IllegalArgumentException("'" + name + "' is a whole number from 0 to " + max);
    }

    /** Returns what it asks for in {@code snapshot}, on all pages, ordered by id. */
    List<Policy> select(PolicySnapshot snapshot) {
        return snapshot.all().stream()
                .filter(policy -> wanted.test(policy.metadata()))
                .toList();
    }
}

package io.authzengine.storage.server.http;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyKind;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

    /**
     * Reads the parameters of a request.
     *
     * @throws IllegalArgumentException if one is unknown, given twice or out of range
     */
    static PolicyQuery of(Context context) {
        Parameters parameters = Parameters.of(context, "kind", "name", "scope", "driver", "q", "limit", "offset");
        Predicate<PolicyMetadata> wanted = equal(
                        kind(parameters), metadata -> metadata.kind().name())
                .and(equal(parameters.text("name"), PolicyMetadata::name))
                .and(equal(parameters.text("scope"), PolicyMetadata::scope))
                .and(equal(
                        parameters.text("driver"),
                        metadata -> metadata.provenance().driverId()))
                .and(holding(parameters.text("q")));
        return new PolicyQuery(
                wanted,
                parameters.number("limit", DEFAULT_LIMIT, MAX_LIMIT),
                parameters.number("offset", 0, Integer.MAX_VALUE));
    }

    /** @throws IllegalArgumentException if there is no such kind */
    static Optional<String> kind(Parameters parameters) {
        Optional<String> kind = parameters.text("kind");
        List<String> known = PolicyKind.known().stream().map(PolicyKind::name).toList();
        if (kind.isPresent() && !known.contains(kind.get())) {
            throw new IllegalArgumentException("Unknown kind; there are " + String.join(", ", known));
        }
        return kind;
    }

    private static Predicate<PolicyMetadata> equal(Optional<String> value, Function<PolicyMetadata, String> property) {
        return value.<Predicate<PolicyMetadata>>map(
                        expected -> metadata -> property.apply(metadata).equals(expected))
                .orElse(metadata -> true);
    }

    private static Predicate<PolicyMetadata> holding(Optional<String> part) {
        return part.map(text -> text.toLowerCase(Locale.ROOT))
                .<Predicate<PolicyMetadata>>map(text -> metadata ->
                        metadata.id().value().toLowerCase(Locale.ROOT).contains(text))
                .orElse(metadata -> true);
    }

    /** Returns what it asks for in {@code snapshot}, on all pages, ordered by id. */
    List<Policy> select(PolicySnapshot snapshot) {
        return snapshot.all().stream()
                .filter(policy -> wanted.test(policy.metadata()))
                .toList();
    }
}

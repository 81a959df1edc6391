package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyHistory;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.server.view.PolicyDetailView.Step;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds versions by what people call them. */
final class Versions {
    private final PolicyStore store;

    Versions(PolicyStore store) {
        this.store = store;
    }

    /**
     * Returns the version called {@code name}: a number, {@code current} or {@code previous}.
     *
     * @throws RefusedException if there is none, or it is forgotten
     */
    PolicySnapshot named(String name) {
        PolicyHistory history = store.history();
        return switch (name) {
            case "current" ->
                history.find(store.current().version().number())
                        .orElseThrow(
                                () -> new RefusedException(ProblemCode.VERSION_NOT_FOUND, "Nothing is served yet"));
            case "previous" ->
                history.previous()
                        .orElseThrow(() -> new RefusedException(
                                ProblemCode.VERSION_NOT_FOUND, "No version before the current one is remembered"));
            default -> numbered(number(name));
        };
    }

    PolicySnapshot numbered(long number) {
        return store.history().find(number).orElseThrow(() -> notFound("Version " + number + " is not remembered"));
    }

    /** Returns a refusal that says what there is instead. */
    RefusedException notFound(String what) {
        PolicyHistory.Statistics known = store.history().statistics();
        String there = known.remembered() == 0
                ? "nothing has been served yet"
                : "there are " + known.remembered() + ", from " + known.oldest() + " to " + known.current();
        return new RefusedException(ProblemCode.VERSION_NOT_FOUND, what + "; " + there);
    }

    private static long number(String name) {
        try {
            return Long.parseLong(name);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("A version is a number, 'current' or 'previous'", e);
        }
    }

    /** Returns all that are remembered, newest first. */
    List<PolicyVersion> newestFirst() {
        return store.history().versions().stream()
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** Returns what was served before {@code snapshot}; empty if that is forgotten. */
    Optional<PolicySnapshot> before(PolicySnapshot snapshot) {
        return newestFirst().stream()
                .filter(version -> version.compareTo(snapshot.version()) < 0)
                .findFirst()
                .flatMap(version -> store.history().find(version.number()));
    }

    /** Returns the versions in which {@code id} changed, newest first; whether the oldest remembered did is not known, unless it is the first. */
    List<Step> steps(PolicyId id) {
        List<Step> steps = new ArrayList<>();
        List<PolicyVersion> versions = newestFirst();
        for (int i = 0; i < versions.size(); i++) {
            PolicyVersion version = versions.get(i);
            if (i + 1 < versions.size() || version.number() == 1) {
                Optional<Policy> before = i + 1 < versions.size() ? at(versions.get(i + 1), id) : Optional.empty();
                PolicyChangeEvent.between(before, at(version, id), version.createdAt(), "")
                        .map(event -> step(version, event.type()))
                        .ifPresent(steps::add);
            }
        }
        return steps;
    }

    private static Step step(PolicyVersion version, PolicyChangeEvent.Type type) {
        return new Step(
                version.number(),
                version.createdAt(),
                type.name().toLowerCase(Locale.ROOT),
                version.author(),
                version.comment());
    }

    private Optional<Policy> at(PolicyVersion version, PolicyId id) {
        return store.history().find(version.number()).flatMap(snapshot -> snapshot.find(id));
    }
}

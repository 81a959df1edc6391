package io.authzengine.storage.server.http;

import io.authzengine.storage.server.view.ChangeSetView;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of the stream wants to hear of.
 *
 * @param kind of which kind; empty for all
 * @param driver from which driver; empty for all
 * @param bodies whether with the text of each policy
 */
record StreamFilter(Optional<String> kind, Optional<String> driver, boolean bodies) {
    static final StreamFilter ALL = new StreamFilter(Optional.empty(), Optional.empty(), false);

    static StreamFilter of(Context request) {
        Parameters parameters = Parameters.of(request, "kind", "driver", "bodies");
        return new StreamFilter(PolicyQuery.kind(parameters), parameters.text("driver"), parameters.flag("bodies"));
    }

    /** Returns the event that tells of {@code changes}; one that says nothing but its id if none of them is wanted. */
    StreamFrame frame(String id, PolicyChangeSet changes, Instant at, @Nullable String digest) {
        PolicyChangeSet wanted = kind.isEmpty() && driver.isEmpty()
                ? changes
                : new PolicyChangeSet(
                        changes.driverId(),
                        changes.sequence(),
                        changes.cause(),
                        changes.events().stream().filter(this::wants).toList());
        return wanted.events().isEmpty() && !changes.events().isEmpty()
                ? StreamFrame.nothing(id, changes.sequence())
                : StreamFrame.change(
                        id,
                        bodies ? ChangeSetView.withBodies(wanted, at, digest) : ChangeSetView.of(wanted, at, digest));
    }

    /** A policy that came from another driver, or went to one, concerns both. */
    private boolean wants(PolicyChangeEvent event) {
        boolean ofKind = kind.isEmpty()
                || kind.get()
                        .equals(event.policy()
                                .or(event::previousPolicy)
                                .orElseThrow()
                                .kind()
                                .name());
        return ofKind
                && (driver.isEmpty()
                        || Stream.of(event.policy(), event.previousPolicy())
                                .flatMap(Optional::stream)
                                .anyMatch(policy -> policy.metadata()
                                        .provenance()
                                        .driverId()
                                        .equals(driver.get())));
    }
}

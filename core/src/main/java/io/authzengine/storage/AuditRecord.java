package io.authzengine.storage;

import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one change set: who, what, when, from where. Never holds what a policy says, nor a credential.
 *
 * @param event the name of the event it records, such as {@code policy.updated}
 * @param outcome what became of it
 * @param at when
 * @param driver the id of the driver, or of the store's root driver
 * @param cause what led to it, in a word, such as {@code poll} or {@code rollback}
 * @param comment what was said about it; empty if nothing
 * @param author who made it; empty if nobody is named, as for what came from the source
 * @param version the number of the version that is served after it
 * @param previousVersion the number of the version that was served before it
 * @param digest the digest of the set that is served after it; empty if it is forgotten already
 * @param previousDigest the digest of the set that was served before it; empty if there was none or it is forgotten
 * @param revisions the revision of each backend that the version was made from, by driver id
 * @param changes the policies concerned, up to {@link #MOST_CHANGES}
 * @param changeCount how many policies are concerned
 * @param reasons why it was refused; empty if it was not
 */
public record AuditRecord(
        String event,
        Outcome outcome,
        Instant at,
        String driver,
        String cause,
        String comment,
        String author,
        long version,
        long previousVersion,
        Optional<String> digest,
        Optional<String> previousDigest,
        Map<String, String> revisions,
        List<Change> changes,
        int changeCount,
        List<Reason> reasons) {
    /** How many changes a record lists at most; it still counts them all. */
    public static final int MOST_CHANGES = 1000;

    /** What became of a change set. */
    public enum Outcome {
        COMMITTED,
        REJECTED,
        ROLLED_BACK
    }

    /**
     * One policy of the change set.
     *
     * @param type what happened to it
     * @param id which one
     * @param kind its kind, as {@code PolicyKind.name} has it
     * @param source the location it came from; of one that was deleted, where it was
     * @param oldHash SHA-256 of what it said; empty if it was added
     * @param newHash SHA-256 of what it says; empty if it was deleted
     */
    public record Change(
            PolicyChangeEvent.Type type,
            PolicyId id,
            String kind,
            String source,
            Optional<String> oldHash,
            Optional<String> newHash) {}

    /**
     * Why a change set was refused. It has no message, as that may quote a document.
     *
     * @param code such as {@code SD-004}
     * @param place the location with line and column
     * @param id the policy it concerns, if that is known
     */
    public record Reason(String code, String place, Optional<PolicyId> id) {}

    public AuditRecord {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(at, "at");
        revisions = Map.copyOf(revisions);
        changes = List.copyOf(changes);
        reasons = List.copyOf(reasons);
    }

    /** Returns the record as one line of JSON, with its keys in a fixed order; the form is documented and stays. */
    public String toJson() {
        JsonLine json = new JsonLine();
        json.text("event", event).text("outcome", lowerCase(outcome)).text("at", at.toString());
        json.text("driver", driver)
                .text("cause", cause)
                .text("comment", comment)
                .text("author", author);
        json.number("version", version).number("previousVersion", previousVersion);
        json.text("digest", digest).text("previousDigest", previousDigest).texts("revisions", revisions);
        json.number("changeCount", changeCount).lines("changes", changes, AuditRecord::toJson);
        return json.lines("reasons", reasons, AuditRecord::toJson).end();
    }

    private static String toJson(Change change) {
        return new JsonLine()
                .text("type", lowerCase(change.type))
                .text("id", change.id.toString())
                .text("kind", change.kind)
                .text("source", change.source)
                .text("oldHash", change.oldHash)
                .text("newHash", change.newHash)
                .end();
    }

    private static String toJson(Reason reason) {
        return new JsonLine()
                .text("code", reason.code)
                .text("place", reason.place)
                .text("id", reason.id.map(PolicyId::toString))
                .end();
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

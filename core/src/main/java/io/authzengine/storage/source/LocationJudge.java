package io.authzengine.storage.source;

import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.parser.ParsedDocument;
import io.authzengine.storage.policy.PolicyId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What becomes of a location that was read: what it holds now, or why that cannot be told and what it held stays. Used by the loop
 * alone.
 */
final class LocationJudge {
    private static final ParsedDocument UNREAD = new ParsedDocument(List.of(), List.of(), false);

    private final LocationTable table;
    private final Rereads rereads;

    LocationJudge(LocationTable table, Rereads rereads) {
        this.table = table;
        this.rereads = rereads;
    }

    /**
     * Judges what was read.
     *
     * @param look how many looks have come back before this one
     */
    LocationState judge(SourceEntry entry, DocumentReader documents, long look, Instant now) {
        LocationState after = judgement(entry, documents, look, now);
        if (after.error().isEmpty()) {
            rereads.settled(entry.location());
        }
        return after;
    }

    private LocationState judgement(SourceEntry entry, DocumentReader documents, long look, Instant now) {
        LocationState before = table.at(entry.location());
        StorageException failure = documents.failure(entry.location());
        if (failure != null) {
            Finding finding = Finding.error(failure.code(), Place.of(entry.location()), failure.summary());
            // No token: it is asked for again at each look.
            List<Finding> findings = List.of(failure.remedy().map(finding::fix).orElse(finding));
            return broken(before, entry.location(), "", findings, UNREAD, now);
        }
        ParsedDocument document = documents.parsed(entry.location());
        if (document == null) {
            return before.confirmed(entry.token(), documents.doubts(entry.location()));
        }
        List<Finding> errors = Stream.concat(document.findings().stream(), repeatedIds(entry, document))
                .filter(Finding::isError)
                .toList();
        if (!errors.isEmpty()) {
            rereads.rejected(entry, look);
            return broken(before, entry.location(), entry.token(), errors, document, now);
        }
        return new LocationState(
                entry.token(),
                document.policies(),
                document.findings(),
                documents.doubts(entry.location()),
                Optional.empty());
    }

    private static Stream<Finding> repeatedIds(SourceEntry entry, ParsedDocument document) {
        Set<PolicyId> seen = new HashSet<>();
        return document.policies().stream()
                .filter(policy -> !seen.add(policy.id()))
                .map(policy -> Finding.error(
                                ErrorCode.VALIDATION_ERROR,
                                new Place(
                                        entry.location(),
                                        policy.metadata().provenance().line(),
                                        1),
                                policy.id() + " is defined twice in this document")
                        .fix("remove one of them, or give it another version or scope")
                        .about(policy.id()));
    }

    /** Judges what the source itself would not list. */
    LocationState refuse(Manifest.Refused refused, Instant now) {
        Finding finding = Finding.error(ErrorCode.VALIDATION_ERROR, Place.of(refused.location()), refused.reason());
        return broken(table.at(refused.location()), refused.location(), "", List.of(finding), UNREAD, now);
    }

    private static LocationState broken(
            LocationState before,
            String location,
            String token,
            List<Finding> findings,
            ParsedDocument readable,
            Instant now) {
        Set<PolicyId> affected = new HashSet<>(before.ids());
        readable.policies().forEach(policy -> affected.add(policy.id()));
        findings.forEach(finding -> finding.policyId().ifPresent(affected::add));
        Instant since = before.error().map(LoadError::since).orElse(now);
        LoadError error = new LoadError(location, findings, affected, since, !readable.complete());
        return new LocationState(token, before.policies(), List.of(), List.of(), Optional.of(error));
    }
}

package io.authzengine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.Note;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditTest {
    private static final PolicyId A = PolicyId.ofResource("a", "default", "");

    private final Simulation sim = Simulation.seeded(1);
    private final StorageContext context =
            new StorageContext(sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
    private final FakeBackend backend = new FakeBackend();
    private final List<AuditRecord> records = new ArrayList<>();
    private PolicyStore store = storeWith(records::add);

    private PolicyStore storeWith(AuditSink sink) {
        return PolicyStore.builder(backend.driver(context))
                .audit(sink)
                .context(context)
                .build();
    }

    private void put(String text) {
        backend.put("a.yaml", text);
        store.checkAndReload();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aCommittedChangeSetIsRecordedBeforeTheCallReturns() {
        put(Documents.resource("a", "one"));
        put(Documents.resource("a", "two"));

        AuditRecord entry = records.get(1);
        assertThat(entry.event()).isEqualTo("policy.updated");
        assertThat(entry.outcome()).isEqualTo(AuditRecord.Outcome.COMMITTED);
        assertThat(entry.at()).isEqualTo(sim.clock().instant());
        assertThat(entry.driver()).isEqualTo("fake");
        assertThat(entry.cause()).isEqualTo("manual");
        assertThat(entry.version()).isEqualTo(2);
        assertThat(entry.previousVersion()).isEqualTo(1);
        assertThat(entry.digest()).contains(store.current().digest());
        assertThat(entry.previousDigest())
                .contains(store.history().find(1).orElseThrow().digest());
        assertThat(entry.revisions()).containsKey("fake");
        assertThat(entry.changes()).hasSize(1);
        AuditRecord.Change change = entry.changes().get(0);
        assertThat(change.id()).isEqualTo(A);
        assertThat(change.source()).isEqualTo("a.yaml");
        assertThat(change.oldHash()).isPresent().isNotEqualTo(change.newHash());
        assertThat(change.newHash())
                .contains(store.current().find(A).orElseThrow().metadata().contentHash());
    }

    @Test
    void aRefusedChangeSetIsRecordedOnceWithTheReasonsAndWithoutWhatTheySay() {
        put(Documents.resource("a", "one"));
        put(Documents.importing("a", "secret-roles", "owner"));
        store.checkAndReload();
        store.checkAndReload();

        assertThat(records).hasSize(2);
        AuditRecord entry = records.get(1);
        assertThat(entry.outcome()).isEqualTo(AuditRecord.Outcome.REJECTED);
        assertThat(entry.event()).isEqualTo("policy.validation_failed");
        assertThat(entry.version()).isEqualTo(entry.previousVersion()).isEqualTo(1);
        assertThat(entry.digest()).isEqualTo(entry.previousDigest());
        assertThat(entry.changes()).extracting(AuditRecord.Change::id).containsExactly(A);
        assertThat(entry.reasons())
                .isNotEmpty()
                .allMatch(reason -> reason.code().startsWith("SD-00"));
        assertThat(entry.reasons().get(0).place()).startsWith("a.yaml");
        assertThat(entry.toJson()).doesNotContain("secret-roles");
    }

    @Test
    void aReturnToAnEarlierVersionIsRecordedOnceWithWhoAndWhy() {
        put(Documents.resource("a", "one"));
        put(Documents.resource("a", "two"));
        store.history().rollback(1, Note.of("it broke the shop").by("jo"));

        assertThat(records).hasSize(3);
        AuditRecord entry = records.get(2);
        assertThat(entry.event()).isEqualTo("policy.rolled_back");
        assertThat(entry.outcome()).isEqualTo(AuditRecord.Outcome.ROLLED_BACK);
        assertThat(entry.comment()).isEqualTo("it broke the shop");
        assertThat(entry.author()).isEqualTo("jo");
        assertThat(entry.version()).isEqualTo(3);
        assertThat(entry.previousVersion()).isEqualTo(2);
        assertThat(entry.digest()).isEqualTo(records.get(0).digest());
    }

    @Test
    void aChangeByHandThatIsRefusedIsRecordedWithWhoAndWhy() {
        backend.put("a.yaml", Documents.importing("a", "roles", "owner"));
        backend.put("roles.yaml", Documents.derivedRoles("roles", "owner"));
        store.checkAndReload();
        PolicyId roles = store.current().all().stream()
                .map(policy -> policy.id())
                .filter(id -> !id.equals(A))
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> store.update(
                        Map.of(roles, Optional.empty()), Note.of("unused").by("jo")))
                .isInstanceOf(ValidationException.class);

        AuditRecord entry = records.get(1);
        assertThat(entry.outcome()).isEqualTo(AuditRecord.Outcome.REJECTED);
        assertThat(entry.cause()).isEqualTo("update");
        assertThat(entry.author()).isEqualTo("jo");
        assertThat(entry.changes()).extracting(AuditRecord.Change::id).containsExactly(roles);
    }

    @Test
    void aLookThatFindsNothingNewIsNotRecorded() {
        put(Documents.resource("a", "one"));
        store.checkAndReload();

        assertThat(records).hasSize(1);
    }

    @Test
    void theRecordIsOneLineOfJsonWithItsKeysInAFixedOrderAndNoContent() throws IOException {
        put(Documents.resource("a", "confidential words"));

        String line = records.get(0).toJson();
        assertThat(line).doesNotContain("\n", "confidential");
        assertThat(keys(line))
                .containsExactly(
                        "event",
                        "outcome",
                        "at",
                        "driver",
                        "cause",
                        "comment",
                        "author",
                        "version",
                        "previousVersion",
                        "digest",
                        "previousDigest",
                        "revisions",
                        "changeCount",
                        "changes",
                        "reasons");
        assertThat(line)
                .startsWith("{\"event\":\"policy.updated\",\"outcome\":\"committed\",\"at\":\"2026-01-01T00:00:00Z\","
                        + "\"driver\":\"fake\",\"cause\":\"manual\",\"comment\":\"\",\"author\":\"\",\"version\":1,\"previousVersion\":0,"
                        + "\"digest\":\"" + store.current().digest() + "\",\"previousDigest\":null,");
    }

    private static List<String> keys(String json) throws IOException {
        List<String> keys = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            int depth = 0;
            while (parser.nextToken() != null) {
                switch (parser.currentToken()) {
                    case START_OBJECT, START_ARRAY -> depth++;
                    case END_OBJECT, END_ARRAY -> depth--;
                    case FIELD_NAME -> {
                        if (depth == 1) {
                            keys.add(parser.currentName());
                        }
                    }
                    default -> {}
                }
            }
        }
        return keys;
    }

    @Test
    void namesWithQuotesLineBreaksAndHalfCharactersStayOneLine() throws IOException {
        AuditRecord odd = new AuditRecord(
                "policy.updated",
                AuditRecord.Outcome.COMMITTED,
                sim.clock().instant(),
                "a\"b\\c",
                "line\nbreak",
                "\u2028\ud800 \ud83d\ude00 \u0085",
                "",
                1,
                0,
                Optional.empty(),
                Optional.empty(),
                Map.of("z", "1", "a", "2"),
                List.of(),
                0,
                List.of());

        assertThat(odd.toJson()).doesNotContain("\n", "\u2028", "\u0085").contains("\\ud800", "\ud83d\ude00");
        assertThat(odd.toJson()).contains("\"revisions\":{\"a\":\"2\",\"z\":\"1\"}");
        assertThat(keys(odd.toJson())).hasSize(15);
    }

    @Test
    void aSinkThatThrowsIsCountedAndHurtsNobody() {
        store.close();
        store = storeWith(entry -> {
            throw new IllegalStateException("the disk is full");
        });
        put(Documents.resource("a", "one"));
        put(Documents.resource("a", "two"));

        assertThat(store.current().version().number()).isEqualTo(2);
        assertThat(store.status().counters().auditFailures()).isEqualTo(2);
    }

    @Test
    void endingAllSubscriptionsDoesNotEndTheAudit() {
        store.events().unsubscribeAll();
        put(Documents.resource("a", "one"));

        assertThat(records).hasSize(1);
    }

    @Test
    void aLargeChangeSetIsCountedInFullAndListedInPart() {
        for (int i = 0; i < AuditRecord.MOST_CHANGES + 5; i++) {
            backend.put("p" + i + ".yaml", Documents.resource("p" + i, "one"));
        }
        store.checkAndReload();

        assertThat(records.get(0).changes()).hasSize(AuditRecord.MOST_CHANGES);
        assertThat(records.get(0).changeCount()).isEqualTo(AuditRecord.MOST_CHANGES + 5);
    }
}

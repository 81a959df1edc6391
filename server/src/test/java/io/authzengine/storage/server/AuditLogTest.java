package io.authzengine.storage.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.AuditRecord;
import io.authzengine.storage.AuditRecord.Change;
import io.authzengine.storage.AuditRecord.Outcome;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditLogTest {
    @TempDir
    private Path directory = Path.of("");

    private static Change change(PolicyChangeEvent.Type type, String name) {
        return new Change(
                type,
                PolicyId.ofResource(name, "default", ""),
                "resourcePolicy",
                name + ".yaml",
                Optional.empty(),
                Optional.of("hash"));
    }

    private static AuditRecord entry(Outcome outcome, String author, String comment, int count, Change... changes) {
        return new AuditRecord(
                "policy.updated",
                outcome,
                Instant.EPOCH,
                "fs",
                "hint",
                comment,
                author,
                2,
                1,
                Optional.of("digest"),
                Optional.empty(),
                Map.of(),
                List.of(changes),
                count,
                List.of());
    }

    @Test
    void aLineSaysWhatHasChangedAndNamesTheFirstFew() {
        assertThat(AuditLog.line(entry(
                        Outcome.COMMITTED,
                        "",
                        "",
                        5,
                        change(PolicyChangeEvent.Type.ADDED, "a"),
                        change(PolicyChangeEvent.Type.ADDED, "b"),
                        change(PolicyChangeEvent.Type.MODIFIED, "c"),
                        change(PolicyChangeEvent.Type.DELETED, "d"),
                        change(PolicyChangeEvent.Type.DELETED, "e"))))
                .isEqualTo("version 2: 2 added, 1 modified, 2 deleted (resource.a.vdefault, resource.b.vdefault,"
                        + " resource.c.vdefault and 2 more), hint");
    }

    @Test
    void aLineSaysWhoAndWhy() {
        assertThat(AuditLog.line(
                        entry(Outcome.REJECTED, "ada", "INC-7", 1, change(PolicyChangeEvent.Type.MODIFIED, "a"))))
                .isEqualTo("version 2 stays, refused: 1 modified (resource.a.vdefault), hint by ada: INC-7");
        assertThat(AuditLog.line(entry(Outcome.COMMITTED, "", "", 0))).isEqualTo("version 2: no change, hint");
        assertThat(AuditLog.line(entry(Outcome.COMMITTED, "", "", 9000, change(PolicyChangeEvent.Type.ADDED, "a"))))
                .isEqualTo("version 2: 9000 changes (resource.a.vdefault and 8999 more), hint");
    }

    @Test
    void theFileHasEachRecordAsItIsAlsoAfterItWasMovedAway() throws Exception {
        Path file = directory.resolve("audit.jsonl");
        AuditLog log = new AuditLog(Optional.of(file));
        AuditRecord entry = entry(Outcome.COMMITTED, "", "", 1, change(PolicyChangeEvent.Type.ADDED, "a"));
        log.record(entry);
        log.record(entry);
        assertThat(file).content().isEqualTo(entry.toJson() + "\n" + entry.toJson() + "\n");
        Files.move(file, directory.resolve("audit.1"));
        log.record(entry);
        assertThat(file).content().isEqualTo(entry.toJson() + "\n");
    }

    @Test
    void aFileThatCannotBeWrittenIsToldAtTheStartAndLaterToTheStore() throws Exception {
        Path nowhere = directory.resolve("absent/audit.jsonl");
        assertThatThrownBy(() -> new AuditLog(Optional.of(nowhere)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("server.auditLog", "absent");
        Files.createDirectory(directory.resolve("absent"));
        AuditLog log = new AuditLog(Optional.of(nowhere));
        Files.delete(nowhere);
        Files.delete(directory.resolve("absent"));
        assertThatThrownBy(() -> log.record(entry(Outcome.COMMITTED, "", "", 0)))
                .isInstanceOf(UncheckedIOException.class);
    }
}

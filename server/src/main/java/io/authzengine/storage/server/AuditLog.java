package io.authzengine.storage.server;

import io.authzengine.storage.AuditRecord;
import io.authzengine.storage.AuditSink;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit of a policyd: whole records to a file if one is configured, one line of JSON each, and in either case a line that people can
 * read to the log. The file is opened for each record, so that it may be moved away at any time.
 */
final class AuditLog implements AuditSink {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int NAMED = 3;

    private final Optional<Path> file;

    /** @throws IllegalArgumentException if {@code file} cannot be written */
    AuditLog(Optional<Path> file) {
        this.file = file;
        file.ifPresent(path -> {
            try {
                append(path, "");
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "server.auditLog: " + path + " cannot be written: " + e
                                + "; name a file in a directory that is there",
                        e);
            }
        });
    }

    @Override
    public void record(AuditRecord entry) {
        boolean refused = entry.outcome() == AuditRecord.Outcome.REJECTED;
        // What the sources hold and was refused is in the log already, with its findings.
        if (!refused || !entry.author().isEmpty()) {
            LOG.info("{}", Printable.text(line(entry)));
        }
        file.ifPresent(path -> {
            try {
                append(path, entry.toJson() + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException("server.auditLog: " + path + " cannot be written", e);
            }
        });
    }

    private static void append(Path file, String text) throws IOException {
        try (BufferedWriter writer =
                Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            writer.write(text);
        }
    }

    /** Returns {@code version 2: 1 modified (resource.album.vdefault), hint}. */
    static String line(AuditRecord entry) {
        String what = entry.changeCount() == 0 ? "no change" : counts(entry) + " (" + names(entry) + ")";
        String by = entry.author().isEmpty() ? "" : " by " + entry.author();
        String why = entry.comment().isEmpty() ? "" : ": " + entry.comment();
        String outcome = entry.outcome() == AuditRecord.Outcome.REJECTED ? " stays, refused" : "";
        return "version " + entry.version() + outcome + ": " + what + ", " + entry.cause() + by + why;
    }

    private static String counts(AuditRecord entry) {
        if (entry.changeCount() > entry.changes().size()) {
            return Counted.of(entry.changeCount(), "change");
        }
        return entry.changes().stream()
                .collect(Collectors.groupingBy(AuditRecord.Change::type, java.util.TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(type -> type.getValue() + " " + type.getKey().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static String names(AuditRecord entry) {
        List<String> first = entry.changes().stream()
                .limit(NAMED)
                .map(change -> change.id().value())
                .toList();
        int more = entry.changeCount() - first.size();
        return String.join(", ", first) + (more == 0 ? "" : " and " + more + " more");
    }
}

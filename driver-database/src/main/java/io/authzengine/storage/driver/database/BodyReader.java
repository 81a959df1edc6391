package io.authzengine.storage.driver.database;

import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource.Sink;
import io.authzengine.storage.source.SourceEntry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the texts that one look wants, and notes where the columns beside a text say something else. Used once. */
final class BodyReader {
    private final PolicyTable table;
    private final Locations locations;
    private final Sink into;
    private final DatabaseErrors errors;
    private final ContentCheck contentCheck = new ContentCheck();
    private final Map<String, SourceEntry> pending = new HashMap<>();

    BodyReader(PolicyTable table, Locations locations, Sink into, DatabaseErrors errors) {
        this.table = table;
        this.locations = locations;
        this.into = into;
        this.errors = errors;
    }

    void read(Manifest at, List<SourceEntry> wanted, Connection connection) throws SQLException {
        wanted.forEach(entry -> pending.put(locations.id(entry.location()), entry));
        boolean most = at.isComplete() && wanted.size() > at.entries().size() / 2;
        if (most) {
            table.allBodies(connection, this::take);
        } else {
            table.bodies(connection, List.copyOf(pending.keySet()), this::take);
        }
        pending.values().forEach(into::moved);
    }

    private void take(PolicyTable.Body body) {
        if (Thread.currentThread().isInterrupted()) {
            throw errors.interrupted();
        }
        SourceEntry entry = pending.get(body.id());
        String text = body.text();
        if (entry == null || text == null) {
            return; // Not asked for, or refused because it has no text.
        }
        pending.remove(body.id());
        into.accept(entry, text.getBytes(StandardCharsets.UTF_8));
        String sha = ContentCheck.shaOf(entry.token());
        if (!sha.equals(body.contentHash().toLowerCase(Locale.ROOT))) {
            into.doubt(
                    entry,
                    doubt(
                                    entry,
                                    "content_hash says '" + shown(body.contentHash())
                                            + "', but the SHA-256 of raw_content is " + sha + "; raw_content is served")
                            .fix(
                                    "write content_hash together with raw_content, or let the trigger of the shipped table do it"));
        }
        body.content()
                .filter(content -> contentCheck.disagrees(text, content))
                .ifPresent(content -> into.doubt(
                        entry,
                        doubt(entry, "content states another policy than raw_content; raw_content is served")
                                .fix("write content together with raw_content, or set it to null")));
    }

    private static Finding doubt(SourceEntry entry, String message) {
        return Finding.warning(ErrorCode.VALIDATION_ERROR, Place.of(entry.location()), message);
    }

    private static String shown(String hash) {
        return hash.replaceAll("[^A-Za-z0-9+/=:_-]", "?");
    }
}

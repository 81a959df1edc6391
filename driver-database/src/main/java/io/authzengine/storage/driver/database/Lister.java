package io.authzengine.storage.driver.database;

import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes manifests. Where the table has a change counter it asks that first, and reads of the change log what has changed; all else, and
 * at times in any case, is found by looking at every row. Used by one look at a time; {@link #lookAtAll} may be called by any thread.
 */
final class Lister {
    private final PolicyTable table;
    private final Locations locations;
    private final SourceContext context;
    private final long rescanNanos;

    private @Nullable Known known;
    private boolean hasChangeLog;
    private long rescanAt;
    private volatile boolean distrust;

    /**
     * What the last manifest said.
     *
     * @param position where the change counter stood then; null if there is none
     */
    private record Known(
            Revision revision, Contents contents, @Nullable ChangePosition position) {}

    Lister(PolicyTable table, Locations locations, SourceContext context, DatabaseConfig config) {
        this.table = table;
        this.locations = locations;
        this.context = context;
        this.rescanNanos = config.rescanInterval().toNanos();
    }

    /** Has the next manifest made by looking at every row. */
    void lookAtAll() {
        distrust = true;
    }

    /** Returns whether the change counter says, outside of any transaction, that nothing was written since {@code last}. */
    boolean isIdle(Revision last, Connection connection) throws SQLException {
        Known before = trusted(last);
        return before != null
                && before.position() != null
                && table.position(connection).filter(before.position()::equals).isPresent();
    }

    private @Nullable Known trusted(Revision last) {
        Known before = known;
        boolean due = distrust || now() - rescanAt >= 0;
        return before == null || due || last.isNone() || !before.revision().equals(last) ? null : before;
    }

    /** Returns what has changed since {@code last}, or all there is; empty if nothing has. */
    Optional<Manifest> list(Revision last, Snapshot snapshot) throws SQLException {
        Known before = trusted(last);
        known = null; // Unless this comes to its end.
        ChangePosition position =
                before == null ? firstPosition(snapshot) : position(snapshot).orElse(null);
        boolean deltaIsPossible = before != null
                && position != null
                && before.position() != null
                && position.origin().equals(before.position().origin())
                && position.revision() >= before.position().revision()
                && table.logReachesBackTo(before.position().revision(), snapshot.connection());
        return deltaIsPossible && before != null && before.position() != null
                ? delta(last, before.contents(), before.position().revision(), position, snapshot)
                : all(last, position, snapshot);
    }

    private @Nullable ChangePosition firstPosition(Snapshot snapshot) throws SQLException {
        hasChangeLog = table.hasChangeLog(snapshot.connection());
        return position(snapshot).orElse(null);
    }

    private Optional<ChangePosition> position(Snapshot snapshot) throws SQLException {
        return hasChangeLog ? table.position(snapshot.connection()) : Optional.empty();
    }

    private Optional<Manifest> all(Revision last, @Nullable ChangePosition position, Snapshot snapshot)
            throws SQLException {
        distrust = false;
        Contents contents = new Contents();
        List<SourceEntry> entries = new ArrayList<>();
        List<Manifest.Refused> refused = new ArrayList<>();
        table.all(snapshot.connection(), context.maxDocumentBytes(), row -> {
            contents.put(locations.of(row.id()), row.token());
            take(row, entries, refused);
        });
        rescanAt = now() + rescanNanos;
        Revision revision = contents.revision();
        known = new Known(revision, contents, position);
        return revision.equals(last)
                ? Optional.empty()
                : Optional.of(Manifest.complete(revision, entries).refusing(refused));
    }

    private Optional<Manifest> delta(
            Revision last, Contents contents, long since, @Nullable ChangePosition position, Snapshot snapshot)
            throws SQLException {
        List<SourceEntry> entries = new ArrayList<>();
        List<Manifest.Refused> refused = new ArrayList<>();
        Set<String> live = new HashSet<>();
        Set<String> ids = table.changedSince(since, snapshot.connection(), context.maxDocumentBytes(), row -> {
            live.add(row.id());
            if (contents.put(locations.of(row.id()), row.token())) {
                take(row, entries, refused);
            }
        });
        Set<String> gone = new HashSet<>();
        for (String id : ids) {
            String location = locations.of(id);
            if (!live.contains(id) && contents.remove(location)) {
                gone.add(location);
            }
        }
        if (!table.holds(contents.size(), snapshot.connection())) {
            return all(last, position, snapshot);
        }
        Revision revision = contents.revision();
        known = new Known(revision, contents, position);
        return revision.equals(last)
                ? Optional.empty()
                : Optional.of(Manifest.delta(last, revision, entries, gone).refusing(refused));
    }

    private void take(Row row, List<SourceEntry> entries, List<Manifest.Refused> refused) {
        String location = locations.of(row.id());
        if (row.size() < 0) {
            refused.add(new Manifest.Refused(location, "the row has no text: raw_content and content are both null"));
        } else if (row.size() > context.maxDocumentBytes()) {
            refused.add(new Manifest.Refused(
                    location, "raw_content has " + row.size() + " bytes, the limit is " + context.maxDocumentBytes()));
        } else {
            entries.add(new SourceEntry(location, row.token(), OptionalLong.of(row.size()), row.updatedAt()));
        }
    }

    private long now() {
        return context.context().ticker().getAsLong();
    }
}

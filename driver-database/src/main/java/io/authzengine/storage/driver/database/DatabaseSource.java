package io.authzengine.storage.driver.database;

import com.zaxxer.hikari.HikariDataSource;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table of policies. */
final class DatabaseSource implements PolicySource {
    private final DatabaseConfig config;
    private final Connector connector;
    private final PolicyTable table;
    private final Locations locations;
    private final DatabaseErrors errors;
    private volatile @Nullable Opened opened; // Written by the thread of the look and by close.
    private volatile @Nullable NotifyListener notifyListener; // Likewise.

    /** What is there while the source is open. */
    private record Opened(HikariDataSource pool, Handover handover, Lister lister, SourceContext context) {}

    DatabaseSource(DatabaseConfig config) {
        this.config = config;
        this.connector = new Connector(config);
        this.table = new PolicyTable(TableSql.of(config), connector.streamsRowByRow());
        this.locations = new Locations(config.table());
        this.errors = new DatabaseErrors(config);
    }

    @Override
    public void open(SourceContext context) {
        try {
            opened = new Opened(
                    connector.pool(),
                    new Handover(context.context()),
                    new Lister(table, locations, context, config),
                    context);
        } catch (SQLException e) {
            throw errors.translate("connecting", e);
        }
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        Opened now = opened();
        now.handover().close();
        try {
            Connection connection = now.pool().getConnection();
            if (isIdle(last, now.lister(), connection)) {
                return Optional.empty();
            }
            Snapshot snapshot = Snapshot.begin(connection, table);
            boolean kept = false;
            try {
                Optional<Manifest> manifest = now.lister().list(last, snapshot);
                if (manifest.filter(found -> !found.entries().isEmpty()).isPresent()) {
                    now.handover().keep(snapshot);
                    kept = true;
                }
                return manifest;
            } finally {
                if (!kept) {
                    snapshot.close();
                }
            }
        } catch (SQLException e) {
            throw errors.translate("listing the table", e);
        }
    }

    /** Closes {@code connection} unless there is more to do with it. */
    private static boolean isIdle(Revision last, Lister lister, Connection connection) throws SQLException {
        boolean goOn = false;
        try {
            goOn = !lister.isIdle(last, connection);
            return !goOn;
        } finally {
            if (!goOn) {
                connection.close();
            }
        }
    }

    /** A token begins with the SHA-256 of the text, made by the server of what it would send. */
    @Override
    public boolean tokenLasts(SourceEntry entry) {
        return ContentCheck.hasSha(entry.token());
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        try (Snapshot snapshot = opened().handover().take().orElseThrow(errors::snapshotLost)) {
            new BodyReader(table, locations, into, errors).read(at, wanted, snapshot.connection());
        } catch (SQLException e) {
            throw errors.translate("reading the table", e);
        }
    }

    @Override
    public void onHint(HintListener listener) {
        Opened now = opened();
        if (config.dialect() != Dialect.POSTGRESQL || !config.useNotify()) {
            return;
        }
        endListening();
        now.lister().lookAtAll();
        String channel = "policy_check_"
                + Long.toHexString(now.context().context().random().nextLong());
        try {
            notifyListener = NotifyListener.start(
                    connector.single(NotifyListener.ANSWER_LIMIT),
                    new PoolerCheck(now.pool(), channel),
                    listener,
                    errors,
                    config.id());
        } catch (SQLException e) {
            throw errors.listenFailed(e);
        }
        if (opened == null) {
            endListening(); // Closed meanwhile.
        }
    }

    private Opened opened() {
        Opened now = opened;
        if (now == null) {
            throw new IllegalStateException("the source is not open");
        }
        return now;
    }

    /** For tests: the connections. */
    HikariDataSource pool() {
        return opened().pool();
    }

    private void endListening() {
        NotifyListener ending = notifyListener;
        notifyListener = null;
        if (ending != null) {
            ending.close();
        }
    }

    @Override
    public void close() {
        Opened closing = opened;
        opened = null;
        endListening();
        if (closing != null) {
            closing.handover().close();
            closing.pool().close();
        }
    }
}

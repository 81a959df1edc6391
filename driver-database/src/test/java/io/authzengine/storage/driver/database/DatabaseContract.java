package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.testkit.StorageDriverContract;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The contract over a table of a database; the subclasses say which. */
abstract class DatabaseContract extends StorageDriverContract {
    private @Nullable Tables tables;
    private boolean broken;

    abstract Tables make() throws SQLException;

    DatabaseConfig config(Tables made) {
        return made.config();
    }

    private Tables tables() {
        return Objects.requireNonNull(tables, "open comes first");
    }

    @Override
    protected StorageDriver open(StorageContext context) throws SQLException {
        Tables made = make();
        tables = made;
        return new DatabaseDriverProvider().create(config(made), context);
    }

    @Override
    protected void put(Map<String, String> documents) throws SQLException {
        tables().put(documents);
    }

    @Override
    protected void remove(Set<String> names) throws SQLException {
        tables().delete(names);
    }

    @Override
    protected void breakDown() {
        tables().execute("ALTER TABLE policies RENAME TO policies_aside");
        broken = true;
    }

    @Override
    protected void heal() {
        if (broken) {
            tables().execute("ALTER TABLE policies_aside RENAME TO policies");
            broken = false;
        }
    }

    @Override
    protected List<String> secrets() {
        return List.of(tables().server().password());
    }
}

package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.database.server.PostgresServer;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;

/** The shipped table in PostgreSQL, with notifications. */
class PostgresContractTest extends DatabaseContract {
    @BeforeAll
    static void startServer() {
        PostgresServer.shared();
    }

    @Override
    Tables make() throws SQLException {
        return Tables.shipped(PostgresServer.shared());
    }
}

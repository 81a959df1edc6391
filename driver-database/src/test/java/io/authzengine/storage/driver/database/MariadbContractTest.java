package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.database.server.MariadbServer;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;

/** The shipped table in MariaDB, through MariaDB's client library. */
class MariadbContractTest extends DatabaseContract {
    @BeforeAll
    static void startServer() {
        MariadbServer.shared();
    }

    @Override
    Tables make() throws SQLException {
        return Tables.shipped(MariadbServer.shared());
    }
}

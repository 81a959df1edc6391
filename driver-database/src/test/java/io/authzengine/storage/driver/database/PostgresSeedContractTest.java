package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.database.server.PostgresServer;
import org.junit.jupiter.api.BeforeAll;

/** The table of the design document in PostgreSQL, as it stands. */
class PostgresSeedContractTest extends DatabaseContract {
    @BeforeAll
    static void startServer() {
        PostgresServer.shared();
    }

    @Override
    Tables make() {
        return Tables.made(PostgresServer.shared(), Tables.SEED);
    }
}

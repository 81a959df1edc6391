package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.database.server.MariadbServer;
import org.junit.jupiter.api.BeforeAll;

/** The table of the design document in MariaDB, through MySQL's client library. */
class MysqlClientContractTest extends DatabaseContract {
    @BeforeAll
    static void startServer() throws ClassNotFoundException {
        MariadbServer.shared();
        // Its thread begins when it is loaded, and stays for good.
        Class.forName("com.mysql.cj.jdbc.AbandonedConnectionCleanupThread");
    }

    @Override
    Tables make() {
        return Tables.made(MariadbServer.shared(), Tables.SEED_MYSQL);
    }

    @Override
    DatabaseConfig config(Tables tables) {
        return DatabaseConfig.of(tables.url().replace("mariadb://", "mysql://"));
    }
}

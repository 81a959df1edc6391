package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.database.server.RemoteMysqlServer;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The shipped table in a real MySQL, where there is one: it is too large to come along with the tests. */
@EnabledIfEnvironmentVariable(named = RemoteMysqlServer.VARIABLE, matches = ".+")
class RealMysqlContractTest extends DatabaseContract {
    @BeforeAll
    static void startThreadThatStays() throws ClassNotFoundException {
        Class.forName("com.mysql.cj.jdbc.AbandonedConnectionCleanupThread");
    }

    @Override
    Tables make() throws SQLException {
        return Tables.shipped(RemoteMysqlServer.fromEnvironment());
    }
}

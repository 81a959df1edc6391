package io.authzengine.storage.driver.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.StorageContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseConfigTest {
    private static DatabaseConfig read(String yaml) {
        String indented = yaml.indent(4);
        String all = "storage:\n  driver: database\n  database:\n" + indented;
        Map<String, String> environment = Map.of(
                "PG_HOST",
                "db.example.com",
                "PG_USER",
                "policyd",
                "PG_PASSWORD",
                "s3cret",
                "DATABASE_URL",
                "postgresql://policyd:p%40ss@db.example.com/authz?sslmode=verify-full");
        StorageConfig config = StorageConfig.parse(all, "storage.yaml", environment);
        try (StorageContext context = StorageContext.create("config")) {
            config.openDriver(context).close();
        }
        return DatabaseSettings.read(config.driver());
    }

    /** The configurations that the design document shows. */
    @Nested
    class AsDesigned {
        @Test
        void aBlockIsRead() {
            DatabaseConfig config = read("""
                    dialect: postgresql
                    connection:
                      host: ${PG_HOST}
                      port: 5432
                      database: authz
                      user: ${PG_USER}
                      password: ${PG_PASSWORD}
                      ssl: true
                    table: policies
                    pollInterval: 10
                    useNotify: true
                    """);
            assertThat(config.connection().hosts()).isEqualTo("db.example.com:5432");
            assertThat(config.connection().tls()).isEqualTo(TlsSettings.VERIFIED);
            assertThat(config.connection().password()).contains("s3cret");
            assertThat(config.toString()).doesNotContain("s3cret");
            assertThat(config)
                    .isEqualTo(DatabaseConfig.of(Dialect.POSTGRESQL, config.connection()))
                    .satisfies(it -> assertThat(it.id()).matches("db-[0-9a-f]{8}"));
        }

        @Test
        void anUrlIsReadAndSaysTheDialectToo() {
            for (String dialect : new String[] {"dialect: postgresql\n", ""}) {
                DatabaseConfig config = read(dialect + "connection: ${DATABASE_URL}\n");
                assertThat(config.dialect()).isEqualTo(Dialect.POSTGRESQL);
                assertThat(config.connection().password()).contains("p@ss");
                assertThat(config.connection().tls().mode()).isEqualTo(TlsSettings.Mode.VERIFY);
            }
        }

        @Test
        void anUrlThatIsNotThereIsNotAlsoADialectThatIsMissing() {
            assertThatThrownBy(() -> read("connection: ${NO_SUCH_URL}\n"))
                    .hasMessageContaining("NO_SUCH_URL")
                    .message()
                    .doesNotContain("dialect");
        }

        @Test
        void allElseIsReadToo() {
            DatabaseConfig config = read("""
                    id: mine
                    dialect: mysql
                    useNotify: true
                    pollInterval: 30
                    rescanInterval: 1h
                    connectTimeout: 2s
                    callTimeout: 5s
                    table: rules
                    connection:
                      host: "[::1]"
                      database: my db
                      poolSize: 3
                      ssl: {ca: ca.pem, key: client.p12, keyPassword: "${PG_PASSWORD}", insecure: true}
                    """);
            assertThat(config.id()).isEqualTo("mine");
            assertThat(config.poolSize()).isEqualTo(3);
            assertThat(config.pollInterval()).isEqualTo(Duration.ofSeconds(30));
            assertThat(config.connection().tls().mode()).isEqualTo(TlsSettings.Mode.INSECURE);
            assertThat(config.connection().tls().ca().map(Path::isAbsolute)).contains(true);
            assertThat(config.connection().tls().toString()).doesNotContain("s3cret");
        }
    }

    /** What will not do is refused before anything connects, without showing a value. */
    @Nested
    class Refusals {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "socketFactory=x.Y",
                    "sslfactory=x.Y",
                    "socketFactoryArg=x",
                    "loggerFile=/tmp/x",
                    "sslpasswordcallback=x.Y",
                    "authenticationPluginClassName=x.Y",
                    "xmlFactoryFactory=x",
                    "options=-c",
                    "queryInterceptors=x.Y",
                    "autoDeserialize=true",
                    "allowLoadLocalInfile=true",
                    "allowUrlInLocalInfile=true",
                    "statementInterceptors=x",
                    "allowMultiQueries=true",
                    "connectionCollation=x",
                    "%73ocketFactory=x.Y"
                })
        void ofPropertiesThatAreNotKnownToBeHarmless(String property) {
            for (String scheme : new String[] {"postgresql", "mysql", "mariadb", "jdbc:postgresql"}) {
                assertThatThrownBy(() -> DatabaseConfig.of(scheme + "://u:s3cret@localhost/authz?" + property))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("not allowed")
                        .hasMessageNotContaining("s3cret");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "jdbc:h2:mem:x",
                    "postgresql://localhost",
                    "postgresql://u:s3cret@host?x/authz",
                    "mysql://address=(host=x)(socketFactory=y)/authz",
                    "mysql://(host=x,port=1)/authz",
                    "postgresql://u:s3cret@a@b/authz",
                    "postgresql://u:s3cret@host/authz#x",
                    "postgresql://u:s3cret@host:port/authz",
                    "postgresql://u:s3cret@host/",
                    "postgresql://u:%s3cret@host/authz",
                    "postgresql://u:s3cret@host/authz?sslmode=prefer",
                    "postgresql://host/authz?user=a&user=b"
                })
        void ofUrlsThatAreNone(String url) {
            assertThatThrownBy(() -> read("connection: '" + url + "'"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("storage.database.connection")
                    .hasMessageNotContaining("s3cret");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "policies; DROP TABLE canary",
                    "policies\"",
                    "policies`",
                    "a.b",
                    "1st",
                    "po licies",
                    "pölicies",
                    "--",
                    "x'",
                    "a123456789b123456789c123456789d123456789e123456789"
                })
        void ofNamesThatAreNotPlain(String name) {
            for (String key : new String[] {"table", "schema"}) {
                assertThatThrownBy(() -> read(
                                "connection: ${DATABASE_URL}\n" + key + ": \"" + name.replace("\"", "\\\"") + "\""))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("storage.database." + key);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"a b", "host/x", "host?x=y", "host&x", "(x)", "host#x", "user@host", "a,,b"})
        void ofHostsThatAreNone(String host) {
            assertThatThrownBy(() -> read("dialect: postgresql\nconnection: {host: '" + host + "', database: authz}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("connection.host");
        }

        @Test
        void ofTheRestToldTogether() {
            assertThatThrownBy(() -> read("""
                            dialect: oracle
                            pollIntervall: 3
                            connectTimeout: 60s
                            connection: {host: localhost, port: 99999, ssl: {cert: a.pem}}
                            """))
                    .hasMessageContaining("dialect")
                    .hasMessageContaining("pollInterval")
                    .hasMessageContaining("connectTimeout")
                    .hasMessageContaining("connection.port")
                    .hasMessageContaining("connection.database")
                    .hasMessageContaining("connection.ssl");
            assertThatThrownBy(() -> read("table: policies"))
                    .hasMessageContaining("connection")
                    .hasMessageContaining("dialect");
            assertThatThrownBy(() -> read("dialect: mysql\nconnection: ${DATABASE_URL}"))
                    .hasMessageContaining("dialect")
                    .hasMessageContaining("URL");
            assertThatThrownBy(() -> DatabaseConfig.of("mysql://h/d").withPoolSize(0))
                    .hasMessageContaining("poolSize");
        }
    }

    @Test
    void aDatabaseNameCannotSmuggleProperties() {
        ConnectionSettings settings = new ConnectionSettings(
                "localhost",
                "db?socketFactory=x.Y&a=b",
                Optional.empty(),
                Optional.empty(),
                TlsSettings.OFF,
                ConnectionSettings.Client.ANY,
                Map.of());
        assertThat(new Connector(DatabaseConfig.of(Dialect.POSTGRESQL, settings)).url())
                .isEqualTo("jdbc:postgresql://localhost/db%3FsocketFactory%3Dx.Y%26a%3Db");
    }

    @Test
    void settingsAreDescribedOnce() {
        assertThat(new DatabaseDriverProvider().settings())
                .containsKeys("dialect", "connection", "table", "schema", "pollInterval", "useNotify", "poolSize");
    }
}

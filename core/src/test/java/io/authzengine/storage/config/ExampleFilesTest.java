package io.authzengine.storage.config;

import static io.authzengine.storage.config.ConfigTexts.NAME;
import static io.authzengine.storage.config.ConfigTexts.parse;
import static io.authzengine.storage.config.ConfigTexts.refusalLines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.authzengine.storage.driver.DriverConfig;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The shapes of file that the design promises will load, read as their drivers would read them. */
class ExampleFilesTest {
    private enum Merge {
        FIRST_WINS,
        LAST_WINS,
        MERGE_RULES
    }

    private static void verified(DriverConfig config) {
        assertThatCode(config::verify).doesNotThrowAnyException();
    }

    @Test
    void two_directories() {
        StorageConfig config = parse("""
                storage:
                  driver: filesystem
                  filesystem:
                    paths:
                      - /srv/shared/policies
                      - /opt/shop/policies
                    extensions:
                      - .yaml
                      - .yml
                    watch: true
                    watchDebounce: 1000
                    recursive: true
                """);
        DriverConfig driver = config.driver();

        assertThat(config.driverType()).isEqualTo("filesystem");
        assertThat(driver.text("type")).isEqualTo("filesystem");
        assertThat(driver.texts("paths")).containsExactly("/srv/shared/policies", "/opt/shop/policies");
        assertThat(driver.texts("extensions", List.of())).containsExactly(".yaml", ".yml");
        assertThat(driver.flag("watch", false)).isTrue();
        assertThat(driver.duration("watchDebounce", Duration.ofSeconds(9), ChronoUnit.MILLIS))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(driver.flag("recursive", false)).isTrue();
        verified(driver);
    }

    @Test
    void a_repository_with_a_token_from_the_environment() {
        String yaml = """
                storage:
                  driver: git
                  git:
                    repository: https://git.example.org/shop/policies.git
                    branch: main
                    directory: policies/
                    pollInterval: 60
                    auth:
                      type: token
                      credentials:
                        token: ${FORGE_TOKEN}
                """;
        DriverConfig driver =
                StorageConfig.parse(yaml, NAME, Map.of("FORGE_TOKEN", "hush")).driver();

        assertThat(driver.text("repository")).isEqualTo("https://git.example.org/shop/policies.git");
        assertThat(driver.text("branch", "trunk")).isEqualTo("main");
        assertThat(driver.text("directory", "/")).isEqualTo("policies/");
        assertThat(driver.duration("pollInterval", Duration.ofSeconds(5), ChronoUnit.SECONDS))
                .isEqualTo(Duration.ofMinutes(1));
        DriverConfig auth = driver.section("auth").orElseThrow();
        assertThat(auth.text("type")).isEqualTo("token");
        assertThat(auth.section("credentials").orElseThrow().secret("token")).contains("hush");
        verified(driver);

        assertThat(refusalLines(() -> parse(yaml)))
                .contains("storage.yaml:11:16: storage.git.auth.credentials.token: the environment variable FORGE_TOKEN"
                        + " is not set; set it, or give a default as in ${FORGE_TOKEN:-default}");
    }

    @Test
    void a_database_whose_place_and_credentials_come_from_the_environment() {
        DriverConfig driver = StorageConfig.parse(
                        """
                        storage:
                          driver: database
                          database:
                            dialect: postgresql
                            connection:
                              host: ${DB_HOST}
                              port: 5432
                              database: shop
                              user: ${DB_USER}
                              password: ${DB_PASSWORD}
                              ssl: true
                            table: policies
                            pollInterval: 10
                            useNotify: true
                        """, NAME, Map.of("DB_HOST", "db1", "DB_USER", "reader", "DB_PASSWORD", "hush"))
                .driver();

        assertThat(driver.text("dialect")).isEqualTo("postgresql");
        DriverConfig connection = driver.section("connection").orElseThrow();
        assertThat(connection.text("host")).isEqualTo("db1");
        assertThat(connection.number("port", 1, 1, 65_535)).isEqualTo(5432);
        assertThat(connection.text("database")).isEqualTo("shop");
        assertThat(connection.text("user")).isEqualTo("reader");
        assertThat(connection.secret("password")).contains("hush");
        assertThat(connection.flag("ssl", false)).isTrue();
        assertThat(driver.text("table", "rules")).isEqualTo("policies");
        assertThat(driver.duration("pollInterval", Duration.ofSeconds(5), ChronoUnit.SECONDS))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(driver.flag("useNotify", false)).isTrue();
        verified(driver);
    }

    @Test
    void overrides_over_a_repository_over_a_database() {
        DriverConfig driver = StorageConfig.parse("""
                        storage:
                          driver: composite
                          composite:
                            mergeStrategy: first-wins
                            drivers:
                              # what this host alone has
                              - type: filesystem
                                paths: [/opt/shop/overrides]
                                watch: true

                              # what the team has
                              - type: git
                                repository: git@git.example.org:shop/policies.git
                                branch: main
                                pollInterval: 300

                              # what everybody has
                              - type: database
                                dialect: postgresql
                                connection: ${SHOP_DATABASE}
                        """, NAME, Map.of("SHOP_DATABASE", "postgresql://db1/shop"))
                .driver();

        assertThat(driver.choice("mergeStrategy", Merge.class, Merge.LAST_WINS)).isEqualTo(Merge.FIRST_WINS);
        List<DriverConfig> children = driver.sections("drivers");
        assertThat(children).extracting(child -> child.text("type")).containsExactly("filesystem", "git", "database");
        assertThat(children.get(0).texts("paths")).containsExactly("/opt/shop/overrides");
        assertThat(children.get(0).flag("watch", false)).isTrue();
        assertThat(children.get(1).text("repository")).isEqualTo("git@git.example.org:shop/policies.git");
        assertThat(children.get(1).text("branch")).isEqualTo("main");
        assertThat(children.get(1).duration("pollInterval", Duration.ofSeconds(5), ChronoUnit.SECONDS))
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(children.get(2).text("dialect")).isEqualTo("postgresql");
        assertThat(children.get(2).text("connection")).isEqualTo("postgresql://db1/shop");
        children.forEach(ExampleFilesTest::verified);
        verified(driver);
    }
}

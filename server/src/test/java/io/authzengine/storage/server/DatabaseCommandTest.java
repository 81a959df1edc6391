package io.authzengine.storage.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseCommandTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mysql"})
    void ddlPrintsStatementsWithTheColumnsAndIndexesOfTheDesign(String dialect) {
        Cli.Result result = Cli.run("database", "ddl", "--dialect", dialect);
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("raw_content", "content_hash", "deleted_at", "idx_policies_kind", "idx_policies_updated_at")
                .contains("CREATE TRIGGER", "policies_revision")
                .doesNotContain("@");
    }

    @Test
    void ddlOfNoSuchDialectNamesThoseThereAre() {
        Cli.Result result = Cli.run("database", "ddl", "--dialect", "oracle");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("postgresql or mysql");
    }

    @Test
    void nothingAtAllIsAMisuse() {
        assertThat(Cli.run("database").err()).contains("Missing command: ddl, init or check");
    }

    @ParameterizedTest
    @ValueSource(strings = {"init", "check"})
    void ofABackendWithoutTablesSaysSo(String command) {
        Policies policies = new Policies(directory);
        policies.write("storage.yaml", Policies.config(""));
        Cli.Result result = Cli.run("database", command, policies.config());
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("filesystem").contains("must name a database");
    }

    @ParameterizedTest
    @ValueSource(strings = {"init", "check"})
    void ofADatabaseThatIsNotThereSaysSoWithoutThePassword(String command) {
        Policies policies = new Policies(directory);
        policies.write("storage.yaml", """
                storage:
                  driver: database
                  database:
                    dialect: postgresql
                    connectTimeout: 2s
                    connection: {host: 127.0.0.1, port: 1, database: authz, user: policyd, password: top-secret}
                """);
        Cli.Result result = Cli.run("database", command, policies.config());
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("SD-001", "127.0.0.1:1/authz").doesNotContain("top-secret");
    }
}

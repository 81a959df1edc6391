package io.authzengine.storage.driver.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.PolicyWriter.Mode;
import io.authzengine.storage.driver.PolicyWriter.Outcome;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.testkit.RememberedDocuments;
import io.authzengine.storage.testkit.SamplePolicies;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What holds of a table in either database, beside the contract. */
abstract class DatabaseBehaviour {
    static final String ALBUM = SamplePolicies.resource("album");
    static final String EDITED = SamplePolicies.resource("album", "default", "edit");
    static final String BOOK = SamplePolicies.resource("book");

    /** Returns a database of its own with the shipped table. */
    abstract Tables shipped() throws SQLException;

    /** Returns a database of its own with the table of the design document. */
    abstract Tables seed();

    /** Lets a new user called {@code reader} of this password read the shipped tables and do nothing else; returns its URL. */
    abstract String urlOfReader(Tables tables, String password);

    /** Gives the user of {@link #urlOfReader} another password. */
    abstract void changePassword(Tables tables, String password);

    /** Ends all connections of that user. */
    abstract void endConnectionsOfReader(Tables tables);

    /** Opens a driver that looks only when it is asked to. */
    static Running quiet(Tables tables) {
        Running running = new Running(tables.config()
                .withoutNotify()
                .withPollInterval(Duration.ofHours(1))
                .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(20)));
        running.driver().init();
        return running;
    }

    private static List<StorageException> failure(Running running) {
        try {
            running.driver().checkNow(CheckMode.FORCE);
            return List.of();
        } catch (StorageException e) {
            return List.of(e);
        }
    }

    /** What need not be read again. */
    @Nested
    class AWarmStart {
        @Test
        void readsOnlyWhatHasChangedSinceAnEarlierProcessReadIt() throws SQLException {
            Tables tables = shipped();
            tables.put(Map.of("album", ALBUM, "book", BOOK));
            RememberedDocuments documents = new RememberedDocuments();
            load(tables, documents);
            assertThat(documents.recalled()).isEmpty();
            load(tables, documents);
            assertThat(documents.recalled()).hasSize(2);
            tables.put("album", EDITED);
            Map<String, String> texts = load(tables, documents);
            assertThat(documents.recalled()).hasSize(3);
            assertThat(texts).containsEntry("album", EDITED).containsEntry("book", BOOK);
        }

        private Map<String, String> load(Tables tables, RememberedDocuments documents) {
            try (Running running = new Running(tables.config().withoutNotify(), documents)) {
                running.driver().init();
                return running.texts();
            }
        }
    }

    /** What one look finds. */
    @Nested
    class ALook {
        @Test
        void thatFindsNothingWrittenDoesNotTouchTheTable() throws SQLException {
            Tables tables = shipped();
            tables.put("album", ALBUM);
            try (Running running = quiet(tables);
                    Connection other = tables.connect();
                    Statement statement = other.createStatement()) {
                lockTable(other, statement);
                assertThat(running.driver().checkNow(CheckMode.IF_CHANGED)).isFalse();
            }
        }

        @Test
        void findsWhatTheLogSaysAndNothingElse() throws SQLException {
            Tables tables = shipped();
            tables.put(Map.of("album", ALBUM, "book", BOOK));
            try (Running running = quiet(tables)) {
                tables.put("album", EDITED);
                tables.softDelete(Set.of("book"));
                tables.put("car", SamplePolicies.resource("car"));
                tables.delete(Set.of("car"));
                running.look();
                assertThat(running.texts()).containsOnly(Map.entry("album", EDITED));
                tables.put("book", BOOK);
                running.look();
                assertThat(running.texts()).containsOnlyKeys("album", "book");
            }
        }

        @Test
        void takesAWriteThatWasUndoneForNoNews() throws SQLException {
            Tables tables = shipped();
            tables.put("album", ALBUM);
            try (Running running = quiet(tables)) {
                tables.put("album", EDITED);
                tables.put("album", ALBUM);
                assertThat(running.driver().checkNow(CheckMode.IF_CHANGED)).isFalse();
            }
        }

        @Test
        void findsWhatWasTruncated() throws SQLException {
            Tables tables = shipped();
            tables.put(Map.of("album", ALBUM, "book", BOOK));
            try (Running running = quiet(tables)) {
                tables.execute("TRUNCATE TABLE policies");
                tables.put("album", EDITED);
                running.awaitLook("book to be gone", () -> !running.texts().containsKey("book"));
                assertThat(running.texts()).containsOnly(Map.entry("album", EDITED));
            }
        }

        @Test
        void findsAllOfATableThatWasPutInPlaceOfAnother() throws SQLException {
            Tables tables = seed();
            tables.put(Map.of("album", ALBUM, "book", BOOK));
            try (Running running = quiet(tables)) {
                tables.execute(
                        "CREATE TABLE fresh AS SELECT * FROM policies WHERE id = 'album'",
                        "ALTER TABLE policies RENAME TO old",
                        "ALTER TABLE fresh RENAME TO policies");
                running.look();
                assertThat(running.texts()).containsOnly(Map.entry("album", ALBUM));
            }
        }

        @Test
        void afterTheTableWasDroppedKeepsWhatItHadUntilItIsBack() throws SQLException {
            Tables tables = shipped();
            tables.put(Map.of("album", ALBUM, "book", BOOK));
            try (Running running = quiet(tables)) {
                tables.execute("DROP TABLE policies");
                for (int i = 0; i < 2; i++) {
                    assertThat(failure(running)).singleElement().satisfies(e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
                        assertThat(e).hasMessageContaining("policies").hasMessageContaining("database init");
                    });
                }
                assertThat(running.texts()).containsOnlyKeys("album", "book");
                assertThat(running.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.DEGRADED);
                try (Connection connection = tables.connect()) {
                    Ddl.apply(tables.config(), connection);
                }
                tables.put("book", BOOK);
                running.awaitLook(
                        "the new table to be read", () -> running.texts().size() == 1);
                assertThat(running.texts()).containsOnly(Map.entry("book", BOOK));
            }
        }

        @Test
        void ofALockedPoolSaysSoAndHeals() throws SQLException {
            Tables tables = shipped();
            tables.put("album", ALBUM);
            DatabaseConfig config = tables.config()
                    .withoutNotify()
                    .withPollInterval(Duration.ofHours(1))
                    .withPoolSize(1)
                    .withTimeouts(Duration.ofMillis(250), Duration.ofSeconds(20));
            try (Running running = new Running(config)) {
                running.driver().init();
                try (Connection taken = running.source().pool().getConnection()) {
                    assertThat(taken.isClosed()).isFalse();
                    assertThat(failure(running)).singleElement().satisfies(e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
                        assertThat(e).hasMessageContaining("none of the 1 connections");
                    });
                }
                running.awaitLook(
                        "health to be good",
                        () -> running.driver().healthCheck().status() == HealthStatus.Status.HEALTHY);
            }
        }

        @Test
        void needsNoRightButToSelect() throws SQLException {
            Tables tables = shipped();
            tables.put("album", ALBUM);
            String url = urlOfReader(tables, "reader-password");
            try (Running running = new Running(DatabaseConfig.of(url))) {
                running.driver().init();
                tables.put("album", EDITED);
                running.look();
                assertThat(running.texts()).containsOnly(Map.entry("album", EDITED));
            }
        }

        @Test
        void withAWrongPasswordNamesTheUserAndNotThePassword() throws SQLException {
            Tables tables = shipped();
            String url = urlOfReader(tables, "reader-password").replace("reader-password", "other-password");
            try (Running running = new Running(DatabaseConfig.of(url))) {
                assertThatThrownBy(() -> running.driver().init())
                        .hasMessageContaining("SD-002")
                        .hasMessageContaining("reader")
                        .hasMessageNotContaining("other-password");
            }
        }

        @Test
        void ofTwoInstancesFindsTheSameRevision() throws SQLException {
            Tables tables = shipped();
            tables.put("album", ALBUM);
            try (Running one = quiet(tables);
                    Running two = quiet(tables)) {
                tables.put(Map.of("album", EDITED, "book", BOOK));
                one.look();
                tables.put("book", BOOK);
                two.look();
                assertThat(one.texts()).isEqualTo(two.texts());
                assertThat(one.driver().load().revisions().values())
                        .containsExactlyElementsOf(
                                two.driver().load().revisions().values());
            }
        }
    }

    /** What happens between the driver and its server, while it follows by itself. */
    @Nested
    class AFollower {
        private DatabaseConfig hasty(DatabaseConfig config) {
            return config.withPollInterval(Duration.ofMillis(200));
        }

        private boolean isHealthy(Running running) {
            return running.driver().healthCheck().status() == HealthStatus.Status.HEALTHY;
        }

        @Test
        void whoseConnectionsDieWithoutAWordKeepsWhatItHadAndFindsItsWayBack() throws SQLException {
            Tables tables = shipped();
            tables.put(Map.of("album", ALBUM, "book", BOOK));
            try (LineToServer line = new LineToServer(tables);
                    Running running = Running.following(hasty(line.config().withoutNotify()))) {
                line.die();
                tables.put("album", EDITED);
                tables.delete(Set.of("book"));
                running.await("health to tell", () -> !isHealthy(running));
                assertThat(running.texts()).containsOnly(Map.entry("album", ALBUM), Map.entry("book", BOOK));
                line.heal();
                running.await("the edit", () -> EDITED.equals(running.texts().get("album")));
                running.await("health to be good", () -> isHealthy(running));
                assertThat(running.texts()).containsOnlyKeys("album");
            }
        }

        @Test
        void whosePasswordIsChangedTellsAndHealsWhenItIsRightAgain() throws SQLException {
            Tables tables = shipped();
            tables.put("album", ALBUM);
            DatabaseConfig config = hasty(DatabaseConfig.of(urlOfReader(tables, "reader-password")))
                    .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(20));
            try (Running running = Running.following(config)) {
                changePassword(tables, "rotated");
                running.await("the refusal to be told", () -> {
                    endConnectionsOfReader(tables); // Again and again, as the pool may just have been making one more.
                    return running.driver().healthCheck().status() == HealthStatus.Status.UNHEALTHY;
                });
                assertThat(running.driver().healthCheck().toString())
                        .contains("SD-002")
                        .doesNotContain("reader-password");
                assertThat(running.texts()).containsOnly(Map.entry("album", ALBUM));
                changePassword(tables, "reader-password");
                tables.put("album", EDITED);
                running.awaitLook(
                        "the edit", () -> EDITED.equals(running.texts().get("album")));
            }
        }

        @Test
        void isOneOfManyThatComeToTheSameWhoeverWrites() throws SQLException {
            Tables tables = shipped();
            try (Running one = Running.following(hasty(tables.config()));
                    Running two = Running.following(hasty(tables.config()))) {
                tables.put(Map.of("album", ALBUM, "book", BOOK));
                tables.put("album", EDITED);
                tables.softDelete(Set.of("book"));
                for (Running each : List.of(one, two)) {
                    each.await("the edit", () -> each.texts().equals(Map.of("album", EDITED)));
                }
                assertThat(one.driver().load().revisions().values())
                        .containsExactlyElementsOf(
                                two.driver().load().revisions().values());
            }
        }
    }

    /** A row whose columns say different things, or nothing. */
    @Nested
    class ARow {
        @Test
        void whoseHashIsWrongIsServedAndDoubtedUntilItIsRight() throws SQLException {
            Tables tables = seed();
            tables.put("album", ALBUM);
            tables.execute("UPDATE policies SET content_hash = 'abc'");
            try (Running running = quiet(tables)) {
                assertThat(running.texts()).containsOnlyKeys("album");
                HealthStatus health = running.driver().healthCheck();
                assertThat(health.status()).isEqualTo(HealthStatus.Status.DEGRADED);
                assertThat(health.message()).contains("policies/album", "content_hash", "'abc'", Tables.sha(ALBUM));
                assertThat(running.driver().load().complete()).isTrue();
                assertThat(running.driver().load().warnings()).hasSize(1);
                tables.execute("UPDATE policies SET content_hash = '" + Tables.sha(ALBUM) + "'");
                running.look();
                assertThat(running.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
            }
        }

        @Test
        void whoseContentStatesAnotherPolicyIsServedFromItsText() throws SQLException {
            Tables tables = seed();
            tables.put("album", ALBUM);
            tables.execute("UPDATE policies SET content = '" + new ContentJson().of(EDITED) + "'");
            try (Running running = quiet(tables)) {
                assertThat(running.texts()).containsOnly(Map.entry("album", ALBUM));
                assertThat(running.driver().healthCheck().message())
                        .contains("policies/album", "content states another");
                tables.execute("UPDATE policies SET content = '" + new ContentJson().of(ALBUM) + "'");
                running.look();
                assertThat(running.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
            }
        }

        @Test
        void withoutTextIsReadFromItsContent() throws SQLException {
            Tables tables = shipped();
            tables.put("album", ALBUM);
            tables.execute(
                    nullable("raw_content", "text"),
                    "UPDATE policies SET raw_content = NULL, content = '" + new ContentJson().of(ALBUM) + "'");
            try (Running running = quiet(tables)) {
                assertThat(running.texts().get("album")).contains("apiVersion");
                tables.execute("UPDATE policies SET content = NULL");
                running.look();
                assertThat(running.driver().load().errors())
                        .singleElement()
                        .satisfies(error ->
                                assertThat(error.findings().get(0).message()).contains("both null"));
                assertThat(running.texts()).containsOnlyKeys("album");
            }
        }

        @Test
        void thatIsTooLargeIsRefusedUnread() throws SQLException {
            Tables tables = shipped();
            tables.put(Map.of("album", ALBUM, "large", "# " + "x".repeat(5_000_000) + "\n" + BOOK));
            try (Running running = quiet(tables)) {
                assertThat(running.texts()).containsOnlyKeys("album");
                assertThat(running.driver().load().errors())
                        .singleElement()
                        .satisfies(error -> assertThat(error.source()).isEqualTo("policies/large"));
                tables.put("large", BOOK);
                running.look();
                assertThat(running.driver().load().complete()).isTrue();
            }
        }

        @Test
        void keepsEveryCharacterOfItsText() throws SQLException {
            Tables tables = shipped();
            String text = "# äöü \\ ' \" € \uD83D\uDE00 % ? $1\r\n" + ALBUM + "\n\n";
            tables.put("it's a \"row\"; -- \\ ä", text);
            try (Running running = quiet(tables)) {
                assertThat(running.texts()).containsOnly(Map.entry("it's a \"row\"; -- \\ ä", text));
                assertThat(running.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
            }
        }
    }

    /** The optional writer. */
    @Nested
    class AWriter {
        private final StorageContext context = StorageContext.create("writer");

        private List<Policy> policies(Map<String, String> documents) throws SQLException {
            Tables other = shipped();
            other.put(documents);
            try (Running running = quiet(other)) {
                return running.driver().getAllPolicies();
            }
        }

        @Test
        void writesOneChangeSetAndNothingASecondTime() throws SQLException {
            for (Tables tables : List.of(shipped(), seed())) {
                List<Policy> both = policies(Map.of("a", EDITED, "b", BOOK));
                tables.put(Map.of("resource.album.vdefault", ALBUM, "old", SamplePolicies.resource("old")));
                List<PolicyChangeSet> told = new CopyOnWriteArrayList<>();
                try (Running running = new Running(tables.config().withPollInterval(Duration.ofMillis(50)));
                        PolicyWriter writer = new DatabaseDriverProvider().openWriter(tables.config(), context)) {
                    running.driver().init();
                    running.driver().watch(told::add);
                    assertThat(writer.preview(both, Mode.MERGE)).isEqualTo(new Outcome(1, 1, 0, 0));
                    assertThat(writer.preview(both, Mode.REPLACE)).isEqualTo(new Outcome(1, 1, 1, 0));
                    assertThat(running.texts()).containsKey("old");
                    assertThat(writer.publish(both, Mode.REPLACE)).isEqualTo(new Outcome(1, 1, 1, 0));
                    running.awaitLook("the set", () -> !running.texts().containsKey("old"));
                    assertThat(running.texts())
                            .containsOnly(
                                    Map.entry("resource.album.vdefault", EDITED),
                                    Map.entry("resource.book.vdefault", BOOK));
                    running.await("the change set to be told", () -> !told.isEmpty());
                    assertThat(told.get(told.size() - 1).events()).hasSize(3);
                    assertThat(writer.publish(both, Mode.REPLACE).isChange()).isFalse();
                    assertThat(running.driver().healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
                    assertThat(tables.server()
                                    .query(tables.database(), "SELECT content FROM policies WHERE id LIKE '%book%'"))
                            .singleElement()
                            .asString()
                            .contains("resourcePolicy", "EFFECT_ALLOW");
                }
            }
        }

        @Test
        void writesNothingIfAPartCannotBeWritten() throws SQLException {
            Tables tables = shipped();
            List<Policy> both = policies(Map.of("a", EDITED, "b", BOOK));
            tables.put("resource.album.vdefault", ALBUM);
            tables.execute("ALTER TABLE policies ADD CONSTRAINT no_books CHECK (name <> 'book')");
            try (PolicyWriter writer = new DatabaseDriverProvider().openWriter(tables.config(), context)) {
                assertThatThrownBy(() -> writer.publish(both, Mode.REPLACE)).isInstanceOf(StorageException.class);
            }
            assertThat(tables.server().query(tables.database(), "SELECT raw_content FROM policies"))
                    .containsExactly(ALBUM);
        }

        @Test
        void refusesTwoOfOneId() throws SQLException {
            Tables tables = shipped();
            Policy album = policies(Map.of("a", EDITED)).get(0);
            try (PolicyWriter writer = new DatabaseDriverProvider().openWriter(tables.config(), context)) {
                assertThatThrownBy(() -> writer.publish(List.of(album, album), Mode.MERGE))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    /** The check of the table. */
    @Nested
    class ATable {
        private List<String> differences(Tables tables) throws SQLException {
            try (Connection connection = tables.connect()) {
                return new SchemaCheck(tables.config(), connection).differences();
            }
        }

        @Test
        void asShippedDiffersInNothingAlsoIfItIsMadeTwice() throws SQLException {
            Tables tables = shipped();
            tables.put("album", ALBUM);
            try (Connection connection = tables.connect()) {
                Ddl.apply(tables.config(), connection);
            }
            assertThat(differences(tables)).isEmpty();
            assertThat(tables.server().query(tables.database(), "SELECT id FROM policies"))
                    .containsExactly("album");
        }

        @Test
        void withTriggersOfAnotherVersionIsToldFromTheShippedOneAndMadeIt() throws SQLException {
            Tables tables = shipped();
            tables.put("album", ALBUM);
            tables.execute(triggerOfAnotherVersion());
            assertThat(differences(tables))
                    .singleElement()
                    .asString()
                    .contains("another version", "policies_", "'policyd database init'");
            try (Connection connection = tables.connect()) {
                Ddl.apply(tables.config(), connection);
            }
            assertThat(differences(tables)).isEmpty();
        }

        @Test
        void ofTheDesignDocumentLacksTheCounter() throws SQLException {
            assertThat(differences(seed()))
                    .anySatisfy(difference -> assertThat(difference)
                            .contains("policies_revision")
                            .contains("every poll looks at every row"));
        }

        @Test
        void thatIsNotThereOrLacksColumnsIsDescribed() throws SQLException {
            Tables tables = shipped();
            tables.execute("ALTER TABLE policies DROP COLUMN deleted_at", "ALTER TABLE policies DROP COLUMN kind");
            assertThat(differences(tables))
                    .anyMatch(difference -> difference.startsWith("column deleted_at is missing"))
                    .anyMatch(difference -> difference.startsWith("column kind is missing"));
            tables.execute("DROP TABLE policies");
            assertThat(differences(tables)).singleElement().asString().contains("there is no table");
        }
    }

    abstract void lockTable(Connection connection, Statement statement) throws SQLException;

    /** Returns the statement that makes one of the shipped triggers do what it did in some other version. */
    abstract String triggerOfAnotherVersion();

    /** Returns the statement that lets a column be null. */
    abstract String nullable(String column, String type);
}

package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.PolicyWriter.Mode;
import io.authzengine.storage.driver.PolicyWriter.Outcome;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FilesystemWriterTest {
    @TempDir
    private Path directory = Path.of("");

    private final StorageContext context = StorageContext.create("test");

    @AfterEach
    void close() {
        context.close();
    }

    private static String text(String name, String action) {
        return """
                apiVersion: api.cerbos.dev/v1
                resourcePolicy:
                  resource: %s
                  version: default
                  rules:
                    - actions: ["%s"]
                      effect: EFFECT_ALLOW
                      roles: [user]
                """.formatted(name, action);
    }

    private static String json(String name) {
        return "{\"apiVersion\": \"api.cerbos.dev/v1\", \"resourcePolicy\": {\"resource\": \"" + name
                + "\", \"version\": \"default\", \"rules\": [{\"actions\": [\"view\"], \"effect\": \"EFFECT_ALLOW\", \"roles\": [\"user\"]}]}}";
    }

    private static Policy policy(String text) {
        return new PolicyParser(ParserLimits.DEFAULT)
                .parse(
                        text.getBytes(StandardCharsets.UTF_8),
                        new DocumentOrigin("elsewhere", "somewhere.yaml", "", Optional.empty()))
                .policies()
                .get(0);
    }

    private FilesystemConfig config() {
        return FilesystemConfig.of(directory.resolve("policies"));
    }

    private Outcome publish(Mode mode, Policy... policies) {
        try (PolicyWriter writer = new FilesystemDriverProvider().openWriter(config(), context)) {
            Outcome preview = writer.preview(List.of(policies), mode);
            Outcome outcome = writer.publish(List.of(policies), mode);
            assertThat(outcome).as("what the preview said").isEqualTo(preview);
            return outcome;
        }
    }

    private List<String> there() {
        try (StorageDriver driver = new FilesystemDriverProvider().create(config().withoutWatch(), context)) {
            driver.init();
            assertThat(driver.load().errors()).isEmpty();
            return driver.getAllPolicies().stream()
                    .map(policy -> policy.id() + " " + policy.raw())
                    .toList();
        }
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve("policies").resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("policies"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void makesTheDirectoryAndAFileForEach() throws IOException {
        Outcome outcome = publish(Mode.MERGE, policy(text("album", "view")), policy(text("Photo", "view")));
        assertThat(outcome).isEqualTo(new Outcome(2, 0, 0, 0));
        assertThat(names()).hasSize(2).contains("resource.album.vdefault.yaml").allMatch(name -> !name.startsWith("."));
        assertThat(there()).hasSize(2);
    }

    @Test
    void isDoneWhenItIsDoneAgain() throws IOException {
        publish(Mode.REPLACE, policy(text("album", "view")));
        List<String> before = names();
        assertThat(publish(Mode.REPLACE, policy(text("album", "view")))).isEqualTo(new Outcome(0, 0, 0, 1));
        assertThat(names()).isEqualTo(before);
    }

    @Test
    void tellsApartIdsThatDifferInWhatNamesOfFilesCannotSay() throws IOException {
        publish(
                Mode.MERGE,
                policy(text("album", "view")),
                policy(text("Album", "view")),
                policy(text("al/bum", "view")),
                policy(text("a_test", "view")));
        assertThat(there()).hasSize(4);
        assertThat(names().stream().map(String::toLowerCase).distinct()).hasSize(4);
    }

    @Test
    void keepsJsonInFilesOfItsOwn() throws IOException {
        publish(Mode.MERGE, policy(json("album")));
        assertThat(names()).containsExactly("resource.album.vdefault.json");
        publish(Mode.MERGE, policy(text("album", "edit")));
        assertThat(names()).containsExactly("resource.album.vdefault.yaml");
    }

    @Nested
    final class WhatIsThere {
        @Test
        void isModifiedInItsPlace() throws IOException {
            write("team/mine.yaml", text("album", "view"));
            assertThat(publish(Mode.MERGE, policy(text("album", "edit")))).isEqualTo(new Outcome(0, 1, 0, 0));
            assertThat(directory.resolve("policies/team/mine.yaml")).hasContent(text("album", "edit"));
            assertThat(names()).containsExactly("team");
        }

        @Test
        void staysUnlessItIsToBeReplaced() throws IOException {
            write("photo.yaml", text("photo", "view"));
            assertThat(publish(Mode.MERGE, policy(text("album", "view")))).isEqualTo(new Outcome(1, 0, 0, 0));
            assertThat(there()).hasSize(2);
            assertThat(publish(Mode.REPLACE, policy(text("album", "view")))).isEqualTo(new Outcome(0, 0, 1, 1));
            assertThat(names()).containsExactly("resource.album.vdefault.yaml");
        }

        @Test
        void keepsItsNeighboursInAFileOfSeveral() throws IOException {
            write(
                    "all.yaml",
                    "# All.\n" + text("album", "view") + "---\n" + text("photo", "view") + "---\n"
                            + text("video", "view"));
            assertThat(publish(Mode.REPLACE, policy(text("album", "edit")), policy(text("video", "view")))
                            .modified())
                    .isEqualTo(1);
            assertThat(names()).containsExactly("all.yaml");
            assertThat(there()).hasSize(2).anyMatch(one -> one.contains("edit"));
            publish(Mode.REPLACE, policy(text("other", "view")));
            assertThat(names()).containsExactly("resource.other.vdefault.yaml");
        }

        @Test
        void isNotTouchedIfItCannotBeRead() throws IOException {
            write("broken.yaml", "apiVersion: api.cerbos.dev/v1\nresourcePolicy: {}\n");
            assertThatThrownBy(() -> publish(Mode.REPLACE, policy(text("album", "view"))))
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("broken.yaml")
                    .hasMessageContaining("validate");
            assertThat(names()).containsExactly("broken.yaml");
        }
    }

    @Test
    void refusesTwoOfOneName() {
        assertThatThrownBy(() -> publish(Mode.MERGE, policy(text("album", "view")), policy(text("album", "edit"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resource.album.vdefault");
    }

    @Test
    void refusesAFileThatTheDriverWouldNotLookAt() {
        FilesystemConfig config = config().withExclude(List.of("resource.*"));
        try (PolicyWriter writer = new FilesystemDriverProvider().openWriter(config, context)) {
            assertThatThrownBy(() -> writer.preview(List.of(policy(text("album", "view"))), Mode.MERGE))
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("exclude");
        }
    }
}

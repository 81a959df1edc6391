package io.authzengine.storage.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShowCommandsTest {
    private static final String ALBUM = Policies.resource("album", "view");

    @TempDir
    private Path directory = Path.of("");

    private Policies policies = new Policies(Path.of(System.getProperty("java.io.tmpdir")));

    @BeforeEach
    void twoPolicies() {
        policies = new Policies(directory)
                .with("album.yaml", ALBUM)
                .with("photo.yaml", Policies.resource("photo", "view"));
    }

    @Nested
    final class List {
        @Test
        void printsATableOrderedById() {
            Cli.Result result = Cli.run("list", policies.config());
            assertThat(result.code()).isZero();
            assertThat(result.out().lines()).hasSize(3);
            assertThat(result.out().lines().findFirst().orElseThrow())
                    .matches("ID +KIND +VERSION +SCOPE +SOURCE +HASH");
            assertThat(result.out())
                    .containsPattern(
                            "resource.album.vdefault +resourcePolicy +default +policies/album.yaml +[0-9a-f]{12}\n");
        }

        @Test
        void printsWhatTheApiAnswers() throws JsonProcessingException {
            JsonNode json = new ObjectMapper()
                    .readTree(Cli.run("list", policies.config(), "-o", "json").out());
            assertThat(json.path("version").asInt()).isEqualTo(1);
            assertThat(json.path("count").asInt()).isEqualTo(2);
            assertThat(json.path("digest").asText()).hasSize(64);
            assertThat(json.path("items").path(0).path("id").asText()).isEqualTo("resource.album.vdefault");
        }

        @Test
        void tellsOfWhatIsBlocked() {
            policies.write("storage.yaml", Policies.config("  onInvalid: quarantine\n"));
            policies.with("broken.yaml", Policies.BROKEN.replace("album", "film"));
            Cli.Result result = Cli.run("list", policies.config());
            assertThat(result.out()).containsPattern("resource.film.vdefault +\\(blocked\\)");
            assertThat(result.code()).isZero();
        }

        @Test
        void saysLikeValidateWhyASetIsRefused() {
            policies.with("broken.yaml", Policies.BROKEN);
            Cli.Result result = Cli.run("list", policies.config());
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .contains("policies/broken.yaml:5:3: error[SD-004]")
                    .contains("5 |   colour: blue")
                    .contains("refused to start: 1 error above");
        }

        @Test
        void saysThatTheBackendLacksWhatIsConfigured() {
            policies.write("storage.yaml", Policies.config("").replace("[policies]", "[elsewhere]"));
            Cli.Result result = Cli.run("list", policies.config());
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("elsewhere").doesNotContain("\tat ");
        }

        @Test
        void hasNothingToShowWhereADegradedStartFoundNothing() {
            policies.write(
                    "storage.yaml", Policies.config("  initMode: degraded\n").replace("[policies]", "[elsewhere]"));
            Cli.Result result = Cli.run("list", policies.config());
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("nothing to show");
        }
    }

    @Nested
    final class Get {
        @Test
        void printsTheTextAsItWasRead() {
            Cli.Result result = Cli.run("get", policies.config(), "resource.album.vdefault");
            assertThat(result.code()).isZero();
            assertThat(result.out()).isEqualTo(ALBUM);
        }

        @Test
        void printsAllThereIsToKnow() throws JsonProcessingException {
            Cli.Result result = Cli.run("get", policies.config(), "resource.album.vdefault", "--output", "JSON");
            JsonNode json = new ObjectMapper().readTree(result.out());
            assertThat(json.path("raw").asText()).isEqualTo(ALBUM);
            assertThat(json.path("kind").asText()).isEqualTo("resourcePolicy");
            assertThat(json.path("provenance").path("line").asInt()).isEqualTo(1);
        }

        @Test
        void tellsThatThereIsNone() {
            Cli.Result result = Cli.run("get", policies.config(), "resource.nothing.vdefault");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("no policy is called resource.nothing.vdefault");
            assertThat(result.out()).isEmpty();
        }

        @Test
        void guessesWhichWasMeant() {
            assertThat(Cli.run("get", policies.config(), "resource.albun.vdefalt")
                            .err())
                    .contains("did you mean resource.album.vdefault?");
            assertThat(Cli.run("get", policies.config(), "photo").err())
                    .contains("did you mean resource.photo.vdefault?");
            assertThat(Cli.run("get", policies.config(), "resource.nothing.vdefault")
                            .err())
                    .doesNotContain("did you mean");
        }

        @Test
        void tellsWhyOneIsBlocked() {
            policies.write("storage.yaml", Policies.config("  onInvalid: quarantine\n"));
            policies.with("broken.yaml", Policies.BROKEN.replace("album", "film"));
            Cli.Result result = Cli.run("get", policies.config(), "resource.film.vdefault");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("known but blocked").contains("broken.yaml:5:3");
        }

        @Test
        void needsAnId() {
            assertThat(Cli.run("get", policies.config()).code()).isEqualTo(2);
            assertThat(Cli.run("get", policies.config(), "").code()).isEqualTo(2);
        }
    }

    @Nested
    final class Explain {
        @Test
        void saysWhoSpokeAndWhereEachRuleStands() {
            Cli.Result result = Cli.run("explain", policies.config(), "resource.album.vdefault");
            assertThat(result.code()).isZero();
            assertThat(result.out())
                    .containsPattern("STANDING +DRIVER +PLACE +REVISION +POLICY +WHY\n")
                    .containsPattern(
                            "won +fs-[0-9a-f]{8} +policies/album.yaml:1 +\\S+ +resource.album.vdefault +the only source\n")
                    .containsPattern("rules\\[0] +fs-[0-9a-f]{8} +policies/album.yaml:6 ");
        }

        @Test
        void printsWhatTheApiAnswers() throws JsonProcessingException {
            Cli.Result result = Cli.run("explain", policies.config(), "resource.album.vdefault", "-o", "json");
            JsonNode json = new ObjectMapper().readTree(result.out());
            assertThat(json.path("served").asBoolean()).isTrue();
            assertThat(json.path("sources").path(0).path("standing").asText()).isEqualTo("won");
            assertThat(json.path("rules")
                            .path(0)
                            .path("origins")
                            .path(0)
                            .path("line")
                            .asInt())
                    .isEqualTo(6);
        }

        @Test
        void tellsThatNobodySpeaksOfIt() {
            Cli.Result result = Cli.run("explain", policies.config(), "resource.nothing.vdefault");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("no source has a policy called resource.nothing.vdefault");
            assertThat(Cli.run("explain", policies.config(), "").code()).isEqualTo(2);
        }

        @Test
        void showsWhatIsWrongWithDocumentsThatConcernIt() {
            policies.write("storage.yaml", Policies.config("  onInvalid: quarantine\n"));
            policies.with("broken.yaml", Policies.BROKEN.replace("album", "film"));
            Cli.Result result = Cli.run("explain", policies.config(), "resource.film.vdefault");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).contains("broken.yaml:5:3");
        }
    }
}

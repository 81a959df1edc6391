package io.authzengine.storage.benchmarks.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.benchmarks.measure.Stores;
import io.authzengine.storage.driver.HealthStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    private static final Percentage NEARLY = Percentage.withPercentage(5);

    @Nested
    class Seeds {
        @Test
        void oneSeedGivesTheSameBytesEachTime() {
            assertThat(Corpus.of(200, 7)).isEqualTo(Corpus.of(200, 7));
        }

        @Test
        void anotherSeedGivesOtherPolicies() {
            assertThat(Corpus.of(200, 7)).isNotEqualTo(Corpus.of(200, 8));
        }

        @Test
        void anyNumberFromTwentyIsGivenExactly() {
            for (int policies : new int[] {20, 21, 33, 99, 1234}) {
                List<Document> documents = Corpus.of(policies, Corpus.SEED);

                assertThat(documents).hasSize(policies);
                assertThat(documents).extracting(Document::path).doesNotHaveDuplicates();
            }
        }

        @Test
        void fewerThanTwentyAreRefused() {
            assertThatThrownBy(() -> Corpus.of(19, Corpus.SEED)).hasMessageContaining("at least 20");
        }
    }

    /** Against what 10,000 policies of the generator count that the project's targets were set with. */
    @Nested
    class Shape {
        private static final int POLICIES = 10_000;

        private static final CorpusShape SHAPE = CorpusShape.of(
                Corpus.of(POLICIES, Corpus.SEED).stream().map(Document::text).toList());

        @Test
        void theKindsAreThere() {
            assertThat(SHAPE.kinds())
                    .isEqualTo(Map.of(
                            "resourcePolicy", 7_000,
                            "principalPolicy", 1_500,
                            "derivedRoles", 1_000,
                            "exportVariables", 250,
                            "exportConstants", 250));
        }

        @Test
        void eachKindIsAsLong() {
            assertThat(SHAPE.meanBytes()).isCloseTo(1_643, NEARLY);
            Map.of(
                            "resourcePolicy", 1_763.0,
                            "principalPolicy", 1_589.0,
                            "derivedRoles", 1_261.0,
                            "exportVariables", 883.0,
                            "exportConstants", 879.0)
                    .forEach((kind, bytes) ->
                            assertThat(SHAPE.sizes().get(kind)).as(kind).isCloseTo(bytes, NEARLY));
        }

        @Test
        void noneIsVeryShortOrLong() {
            assertThat(SHAPE.bytes()).allMatch(bytes -> bytes >= 820 && bytes <= 4_096);
            assertThat(SHAPE.bytes().get(POLICIES / 2)).isCloseTo(1_579, NEARLY);
        }

        @Test
        void theyHoldAsMuch() {
            Map.of("rules", 45_698, "conditions", 25_403, "expressions", 46_937, "scoped", 1_251)
                    .forEach((part, count) ->
                            assertThat(SHAPE.parts().get(part)).as(part).isCloseTo(count, NEARLY));
            Map.of("outputs", 2_289, "schemas referred to", 2_036)
                    .forEach((part, count) -> assertThat(SHAPE.parts().get(part))
                            .as(part)
                            .isCloseTo(count, Percentage.withPercentage(10)));
        }
    }

    @Nested
    class Written {
        @TempDir
        Path directory;

        @Test
        void allAreServedWithoutAFinding() throws IOException {
            Corpus.write(directory.resolve("policies"), 1_000, Corpus.SEED);

            try (PolicyStore store = PolicyStore.open(Stores.files(directory.resolve("policies"), "watch: false"))) {
                assertThat(store.current().size()).isEqualTo(1_000);
                assertThat(store.current().quarantined()).isEmpty();
                assertThat(store.planSource().findings()).isEmpty();
                assertThat(store.status().health().status()).isEqualTo(HealthStatus.Status.HEALTHY);
            }
        }

        @Test
        void theSchemasThatAreReferredToAreThere() throws IOException {
            Corpus.write(directory.resolve("policies"), 100, Corpus.SEED);

            assertThat(Corpus.of(100, Corpus.SEED))
                    .flatExtracting(document -> Pattern.compile("cerbos:///(\\S+)")
                            .matcher(document.text())
                            .results()
                            .map(found -> found.group(1))
                            .toList())
                    .isNotEmpty()
                    .allSatisfy(schema -> assertThat(directory.resolve("policies/_schemas/" + schema))
                            .exists());
        }

        @Test
        void nothingIsWrittenBesideOtherFiles() throws IOException {
            Files.writeString(directory.resolve("mine.txt"), "mine");

            assertThatThrownBy(() -> Corpus.write(directory, 20, Corpus.SEED)).hasMessageContaining("not empty");
        }

        @Test
        void theShapeOfADirectoryIsThatOfItsDocuments() throws IOException {
            Corpus.write(directory.resolve("policies"), 100, Corpus.SEED);

            CorpusShape shape = CorpusShape.ofDirectory(directory.resolve("policies"));

            assertThat(shape.policies()).isEqualTo(100);
            assertThat(shape.meanBytes()).isCloseTo(1_650, within(250.0));
        }
    }
}

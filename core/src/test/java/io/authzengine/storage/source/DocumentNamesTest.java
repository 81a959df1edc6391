package io.authzengine.storage.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentNamesTest {
    private final DocumentNames names = DocumentNames.defaults();

    private static DocumentNames excluding(String... patterns) {
        return new DocumentNames(DocumentNames.DEFAULT_EXTENSIONS, List.of(patterns));
    }

    @Nested
    class WithTheDefaults {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "a.yaml",
                    "a.yml",
                    "a.json",
                    "A.YAML",
                    "team/a.yaml",
                    "with space/ä ö.yaml",
                    "test.yaml",
                    "my_tests.yaml",
                    "_schemas.yaml",
                    "testdata.yaml",
                    "node_modules.yaml",
                    "line\nbreak.yaml"
                })
        void aDocumentIsFound(String path) {
            assertThat(names.matches(path)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "readme.md",
                    "yaml",
                    "a.yaml.bak",
                    "a.yaml~",
                    ".a.yaml",
                    ".yaml",
                    ".hidden/a.yaml",
                    "deep/.hidden/deeper/a.yaml",
                    "..data/a.yaml",
                    "_schemas/a.json",
                    "deep/_schemas/a.json",
                    "testdata/a.yaml",
                    "a_test.yaml",
                    "a_test.YML",
                    "deep/_test.json",
                    "node_modules/a.yaml",
                    "deep/node_modules/deeper/a.json",
                    ".git/config.yaml"
                })
        void whatIsNoDocumentIsLeftOut(String path) {
            assertThat(names.matches(path)).isFalse();
        }

        @Test
        void aPathIsJudgedWhateverWasAskedBefore() {
            DocumentNames names = DocumentNames.defaults();
            for (int again = 0; again < 2; again++) {
                assertThat(names.matches("a/b/x.yaml")).isTrue();
                assertThat(names.matches("a/b/testdata/x.yaml")).isFalse();
                assertThat(names.matches("a/b/testdata/more/x.yaml")).isFalse();
                assertThat(names.matches("a/.git/x.yaml")).isFalse();
                assertThat(names.matches("a/x.yaml")).isTrue();
                assertThat(names.matches("x.yaml")).isTrue();
                assertThat(names.matches("a/b/x_test.yaml")).isFalse();
                assertThat(names.matches("node_modules/a/b/x.yaml")).isFalse();
            }
        }

        @Test
        void aWalkerNeedNotEnterWhatHoldsNoDocuments() {
            assertThat(names.mayHoldDocuments("team")).isTrue();
            assertThat(names.mayHoldDocuments("team/.git")).isFalse();
            assertThat(names.mayHoldDocuments("node_modules")).isFalse();
            assertThat(names.mayHoldDocuments("team/_schemas")).isFalse();
        }
    }

    @Nested
    class Excluding {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "drafts/**        | drafts/a.yaml",
                    "drafts/**        | drafts/deep/a.yaml",
                    "drafts           | deep/drafts/a.yaml",
                    "**/drafts        | drafts/deep/a.yaml",
                    "/drafts/*.yaml   | drafts/a.yaml",
                    "*.draft.yaml     | deep/a.draft.yaml",
                    "a?.yaml          | ab.yaml",
                    "[a-c].yaml       | b.yaml",
                    "[!a-c].yaml      | d.yaml",
                    "{a,b*}.yaml      | bcd.yaml",
                    "team/**/old.yaml | team/old.yaml",
                    "team/**/old.yaml | team/x/y/old.yaml",
                    "team**.yaml      | team/x.yaml",
                    "a\\*.yaml        | a*.yaml",
                    "(a+b)$.yaml      | (a+b)$.yaml",
                    "a},b.yaml        | a},b.yaml"
                })
        void leavesOutWhatAPatternMatches(String pattern, String path) {
            assertThat(excluding(pattern).matches(path)).isFalse();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "drafts/**     | team/drafts/a.yaml",
                    "drafts/*.yaml | drafts/deep/a.yaml",
                    "a?.yaml       | a.yaml",
                    "[!a-c].yaml   | a.yaml",
                    "[&&a].yaml    | b.yaml",
                    "a.yaml        | axyaml.yaml",
                    "a\\*.yaml     | ab.yaml",
                    "x**/y.yaml    | z/y.yaml"
                })
        void keepsAllElse(String pattern, String path) {
            assertThat(excluding(pattern).matches(path)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"a{b", "a[b", "{a{b}}", "[b-a]"})
        void refusesAPatternThatCannotBeUnderstood(String pattern) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> excluding(pattern))
                    .withMessageContaining("'" + pattern + "'");
        }

        @Test
        void refusesAnEmptyPattern() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> excluding(" "))
                    .withMessageContaining("empty");
        }
    }

    @Nested
    class OtherExtensions {
        @Test
        void needNoDotAndMatchInAnyCase() {
            DocumentNames policies = new DocumentNames(List.of("Policy"), List.of());
            assertThat(policies.matches("a.POLICY")).isTrue();
            assertThat(policies.matches("a.yaml")).isFalse();
        }

        @Test
        void areAtLeastOne() {
            assertThatIllegalArgumentException().isThrownBy(() -> new DocumentNames(List.of(), List.of()));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", ".", "*.yaml", "a/b"})
        void areNoPatterns(String extension) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new DocumentNames(List.of(extension), List.of()))
                    .withMessageContaining(".yaml");
        }
    }
}

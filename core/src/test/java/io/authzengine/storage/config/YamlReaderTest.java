package io.authzengine.storage.config;

import static io.authzengine.storage.config.ConfigTexts.block;
import static io.authzengine.storage.config.ConfigTexts.problemsOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
    @Nested
    class Shape {
        @ParameterizedTest
        @ValueSource(strings = {"", "  \n", "# a comment\n"})
        void of_an_empty_file_is_refused(String yaml) {
            assertThat(problemsOf(yaml))
                    .containsExactly(
                            "storage.yaml: is empty; expected a block \"storage:\" with the driver's settings");
        }

        @Test
        void of_a_file_is_a_block() {
            assertThat(problemsOf("- a\n"))
                    .containsExactly(
                            "storage.yaml:1:1: expected a block \"storage:\" with the driver's settings, got a list");
            assertThat(problemsOf("\nword\n"))
                    .containsExactly(
                            "storage.yaml:2:1: expected a block \"storage:\" with the driver's settings, got \"word\"");
            assertThat(problemsOf("---\n..."))
                    .singleElement()
                    .asString()
                    .endsWith("with the driver's settings, got nothing");
        }

        @Test
        void of_a_file_is_one_document() {
            assertThat(problemsOf("a: b\n---\nc: d\n"))
                    .containsExactly("storage.yaml:2:1: is not valid YAML: expected a single document in the stream,"
                            + " but found another document");
        }

        @Test
        void may_begin_with_a_byte_order_mark() {
            assertThat(block("\uFEFFa: b").text("a")).isEqualTo("b");
        }

        @Test
        void may_be_json() {
            assertThat(block("{\"a\": {\"b\": [\"c\", true]}}")
                            .block("a")
                            .orElseThrow()
                            .texts("b"))
                    .containsExactly("c", "true");
        }

        @Test
        void may_have_aliases() {
            ConfigBlock block = block("a: &x [b, c]\nd: *x\ne: &y word\nf: *y");
            assertThat(block.texts("d")).containsExactly("b", "c");
            assertThat(block.text("f")).isEqualTo("word");
        }
    }

    @Nested
    class Syntax {
        @Test
        void errors_have_line_and_column() {
            assertThat(problemsOf("storage:\n  a: b: c\n"))
                    .containsExactly("storage.yaml:2:7: is not valid YAML: mapping values are not allowed here");
        }

        @Test
        void has_no_tabs() {
            assertThat(problemsOf("storage:\n\tdriver: git\n"))
                    .containsExactly(
                            "storage.yaml:2:1: is not valid YAML: while scanning for the next token,"
                                    + " found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)");
        }

        @Test
        void has_no_control_characters() {
            assertThat(problemsOf("storage:\n  😀a: \u0001\n"))
                    .containsExactly("storage.yaml:2:7: the character U+0001 is not allowed in YAML");
        }

        @Test
        void errors_do_not_quote_the_file() {
            assertThat(problemsOf("storage:\n  token: s3cr3t\n  other: 'abc\n"))
                    .singleElement()
                    .asString()
                    .startsWith("storage.yaml:4:1: is not valid YAML: while scanning a quoted scalar")
                    .doesNotContain("s3cr3t")
                    .doesNotContain("\n");
        }

        @Test
        void needs_quotes_for_replacements_within_brackets() {
            assertThat(problemsOf("storage:\n  paths: [${HOME}, x]\n"))
                    .last()
                    .asString()
                    .contains("storage.yaml:2:")
                    .contains("quotes");
        }
    }

    @Nested
    class Keys {
        @Test
        void are_not_given_twice() {
            assertThat(problemsOf("storage:\n  type: shelf\n  id: a\n  boards: [x]\n  id: b\n"))
                    .contains(
                            "storage.yaml:5:3: storage.id: is given twice, first at storage.yaml:3:3; keep one of them");
        }

        @Test
        void are_words() {
            assertThat(problemsOf("storage:\n  ? [a]\n  : b\n"))
                    .contains("storage.yaml:2:5: storage: expected a word as the key, got a list or a block;"
                            + " a text with ${…} needs quotes here");
        }
    }

    @Nested
    class Limits {
        @Test
        void hold_for_the_size() {
            assertThat(problemsOf("a: " + "x".repeat(TextFile.MAX_BYTES)))
                    .containsExactly("storage.yaml: is larger than 1048576 characters");
        }

        @Test
        void hold_for_the_depth() {
            assertThat(problemsOf("a: " + "[".repeat(100_000)))
                    .containsExactly("storage.yaml:1:53: is nested deeper than 50 levels");
        }

        @Test
        void hold_for_the_number_of_aliases() {
            assertThat(problemsOf("a: &x b\nc: [" + "*x ,".repeat(51) + "]"))
                    .containsExactly("storage.yaml:2:205: is one alias more than the 50 allowed");
        }

        @Test
        void hold_for_what_aliases_come_to() {
            StringBuilder yaml = new StringBuilder("a0: &a0 [" + "x,".repeat(1000) + "]\n");
            for (int i = 1; i <= 10; i++) {
                String before = "*a" + (i - 1);
                yaml.append("a" + i + ": &a" + i + " [" + before + ", " + before + ", " + before + "]\n");
            }
            assertThat(problemsOf(yaml.toString()))
                    .singleElement()
                    .asString()
                    .contains("is more than the 100000 values allowed, counting each alias");
        }

        @Test
        void keep_a_block_from_holding_itself() {
            assertThat(problemsOf("storage: &s\n  a: *s\n"))
                    .containsExactly("storage.yaml:1:10: storage: contains itself through an alias");
        }

        @Test
        void allow_no_tags() {
            assertThat(problemsOf("storage:\n  type: !!java.net.URL shelf\n  id: !secret x\n  boards: !!str x\n"))
                    .contains(
                            "storage.yaml:2:9: storage.type: has the tag \"tag:yaml.org,2002:java.net.URL\","
                                    + " but tags are not supported; leave it out",
                            "storage.yaml:3:7: storage.id: has the tag \"!secret\", but tags are not supported; leave it out")
                    .noneMatch(line -> line.contains("storage.boards"));
        }
    }
}

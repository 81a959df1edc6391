package io.authzengine.storage.parser;

import static io.authzengine.storage.parser.Parsing.API;
import static io.authzengine.storage.parser.Parsing.findings;
import static io.authzengine.storage.parser.Parsing.json;
import static io.authzengine.storage.parser.Parsing.resource;
import static io.authzengine.storage.parser.Parsing.valid;
import static io.authzengine.storage.parser.Parsing.yaml;
import static io.authzengine.storage.parser.Parsing.yamlWithin;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.authzengine.storage.error.ErrorCode;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileInputTest {
    private static final int MIB = 1 << 20;

    private static void assertRefused(ParsedDocument document, String... inMessage) {
        assertThat(document.policies()).isEmpty();
        assertThat(document.findings()).anySatisfy(finding -> {
            assertThat(finding.code()).isEqualTo(ErrorCode.PARSE_ERROR);
            assertThat(finding.message()).contains(inMessage);
        });
    }

    /** Fails if parsing takes more memory than {@code most} bytes, whether it is kept or not. */
    private static ParsedDocument within(long most, Supplier<ParsedDocument> parsing) {
        assertThat(parsing.get()).as("with classes loaded").isNotNull();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        ParsedDocument document = parsing.get();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes taken to parse")
                .isLessThan(most);
        return document;
    }

    private static String constants(String value) {
        return API + "exportConstants:\n  name: c\n  definitions:\n    x: " + value + "\n";
    }

    @Nested
    class Aliases {
        @Test
        void thatLaughABillionTimesAreCounted() {
            StringBuilder bomb =
                    new StringBuilder(API + "exportConstants:\n  name: c\n  definitions:\n    a0: &a0 [lol]\n");
            for (int i = 1; i < 10; i++) {
                String alias = "*a" + (i - 1) + ", ";
                bomb.append("    a%d: &a%d [%s]\n".formatted(i, i, alias.repeat(9) + "*a" + (i - 1)));
            }
            assertRefused(
                    within(2 * MIB, () -> yaml(bomb.toString())), "more than 50 aliases", "the limit is maxAliases");
        }

        @Test
        void areCountedByTheNodesTheyStandForToo() {
            StringBuilder bomb =
                    new StringBuilder(API + "exportConstants:\n  name: c\n  definitions:\n    big: &big [");
            bomb.append("x, ".repeat(1000)).append("x]\n");
            for (int i = 0; i < 40; i++) {
                bomb.append("    a%d: *big\n".formatted(i));
            }
            assertThat(valid(yaml(bomb.toString()))).hasSize(1);
            ParserLimits tight = new ParserLimits(MIB, 100, 50, 50, 20_000, 32);
            assertRefused(
                    yamlWithin(tight, bomb.toString()), "more than 20000 nodes", "aliases are resolved", "maxNodes");
        }

        @Test
        void thatMergeOneMappingIntoTheNextAreCounted() {
            StringBuilder bomb =
                    new StringBuilder(API + "exportConstants:\n  name: c\n  definitions:\n    a0: &a0 {k0: 1}\n");
            for (int i = 1; i < 40; i++) {
                bomb.append("    a%d: &a%d\n      k%d: 1\n      <<: *a%d\n".formatted(i, i, i, i - 1));
            }
            assertRefused(within(2 * MIB, () -> yaml(bomb.toString())), "more than 50 aliases");
        }

        @ParameterizedTest
        @ValueSource(strings = {"&a [*a]", "&a {x: *a}", "&a [[*a]]", "&a {<<: *a}", "&a [&b [*a, *b]]"})
        void thatContainThemselvesAreRefused(String value) {
            assertRefused(yaml(constants(value)), "stands within what it names, without end");
        }
    }

    @Nested
    class Depth {
        @ParameterizedTest
        @ValueSource(strings = {"[", "{a: ", "- ", "{\"a\":", "[{a: "})
        void isCountedBeforeAnythingIsBuilt(String opening) {
            assertRefused(
                    within(16 * MIB, () -> yaml(opening.repeat(100_000))), "nested more than 50 deep", "maxDepth");
        }

        @Test
        void ofBlocksIsCounted() {
            StringBuilder deep = new StringBuilder();
            for (int i = 0; i < 1400; i++) {
                deep.append(" ".repeat(i % 700)).append("a:\n");
            }
            assertThat(yaml(deep.toString()).hasErrors()).isTrue();
            assertRefused(yaml(constants("[".repeat(5000) + "]".repeat(5000))), "nested more than 50 deep");
        }

        @ParameterizedTest
        @ValueSource(strings = {"[", "{\"a\":"})
        void ofJsonIsTheSame(String opening) {
            assertRefused(
                    within(16 * MIB, () -> json(opening.repeat(100_000))), "nested more than 50 deep", "maxDepth");
        }

        @Test
        void uptoTheLimitIsFine() {
            assertThat(valid(yaml(constants("[".repeat(47) + "]".repeat(47))))).hasSize(1);
            assertRefused(yaml(constants("[".repeat(48) + "]".repeat(48))), "maxDepth");
        }
    }

    @Nested
    class Keys {
        @Test
        void thatAreNoTextsAreRefused() {
            assertRefused(within(MIB, () -> yaml("? ".repeat(74))), "a key must be a text");
            assertRefused(within(MIB, () -> yaml("{".repeat(40) + "}: c}".repeat(39))), "a key must be a text");
            assertRefused(yaml("[a]: b\n"), "a key must be a text");
        }

        @Test
        void inGreatNumberCostNoMoreThanTheirText() {
            StringBuilder many = new StringBuilder(API + "exportConstants:\n  name: c\n  definitions:\n");
            for (int i = 0; many.length() < MIB - 20; i++) {
                many.append("    k").append(i).append(": 1\n");
            }
            assertThat(valid(yaml(many.toString()))).hasSize(1);
            assertThat(findings(yaml(many + "    k0: 2\n")))
                    .singleElement()
                    .asString()
                    .contains("the key 'k0' is already given at line 5, column 5");
        }

        @Test
        void whoseHashesAreEqualCostNoMore() {
            StringBuilder colliding = new StringBuilder(API + "exportConstants:\n  name: c\n  definitions:\n    x:\n");
            for (int i = 0; i < 1 << 14; i++) {
                colliding.append("      ");
                for (int bit = 0; bit < 14; bit++) {
                    colliding.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
                }
                colliding.append(": 1\n");
            }
            assertThat(valid(yaml(colliding.toString()))).hasSize(1);
        }
    }

    @Nested
    class Sizes {
        @Test
        void ofLocationsAreCheckedBeforeDecoding() {
            String comment = "#" + "x".repeat(MIB - 2) + "\n";
            assertThat(yaml(comment).hasErrors()).isFalse();
            assertRefused(within(8 * MIB, () -> yaml(comment + " ")), "more than 1048576 bytes", "the limit maxBytes");
        }

        @Test
        void ofNumbersAreChecked() {
            String digits = "1".repeat(200_000);
            assertRefused(yaml(constants(digits)), "a number of more than 32 characters", "maxNumberLength");
            assertRefused(yaml(constants("-0." + digits)), "maxNumberLength");
            assertRefused(yaml(resource("description: " + digits + "\n", "")), "maxNumberLength");
            assertRefused(json("{\"a\": " + digits + "}"), "maxNumberLength");
            assertThat(valid(yaml(constants("\"" + digits + "\"")))).hasSize(1);
            assertThat(valid(yaml(constants(digits + "x")))).hasSize(1);
            assertThat(valid(yaml(constants("1".repeat(32))))).hasSize(1);
        }

        @Test
        void ofTextsAreBoundedByThatOfTheLocation() {
            assertThat(valid(yaml(constants("a".repeat(1_000_000))))).hasSize(1);
            assertThat(valid(json(
                            "{\"apiVersion\":\"api.cerbos.dev/v1\",\"exportConstants\":{\"name\":\"c\",\"definitions\":"
                                    + "{\"x\":\"" + "a".repeat(1_000_000) + "\"}}}")))
                    .hasSize(1);
        }

        @Test
        void inDocumentsAreChecked() {
            assertRefused(yaml("---\n".repeat(101)), "more than 100 documents", "maxDocuments");
            assertThat(yaml("---\n".repeat(100)).hasErrors()).isFalse();
            assertThat(yaml(("---\n" + resource("", "")).repeat(1000)).policies())
                    .hasSize(100);
        }

        @Test
        void ofListsMakeNoSearchSlow() {
            StringBuilder names = new StringBuilder();
            for (int i = 0; names.length() < 900_000; i++) {
                names.append("r").append(i).append(",");
            }
            assertThat(valid(yaml(resource("", "  importDerivedRoles: [" + names + "]\n"))))
                    .hasSize(1);
        }
    }

    @Nested
    class Tags {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "!!javax.script.ScriptEngineManager [x]",
                    "!!java.net.URL x",
                    "!!python/object/apply:os.system [id]",
                    "!!binary aGk=",
                    "!!set {a: }",
                    "!!omap [a: 1]",
                    "!!timestamp 2020-01-01",
                    "!!merge x",
                    "!local x",
                    "!<tag:example.com,2000:x> y",
                    "!!seq x",
                    "!!map [x]",
                    "!!str {a: 1}"
                })
        void ofOthersAreRefused(String value) {
            assertRefused(yaml(constants(value)), "is not allowed here, only those of YAML's core schema are");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "!!str 1",
                    "!!int 1",
                    "!!float 1",
                    "!!bool true",
                    "!!null ~",
                    "!!seq [1]",
                    "!!map {a: 1}",
                    "! x"
                })
        void ofTheCoreSchemaAreFine(String value) {
            assertThat(valid(yaml(constants(value)))).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"%TAG ! tag:example.com,2000:\n", "%TAG !! !x\n", "%TAG !e! tag:yaml.org,2002:\n"})
        void mayNotBeRedefined(String directive) {
            assertRefused(yaml(directive + "---\n" + resource("", "")), "%TAG");
        }

        @Test
        void theVersionOfYamlMayBeSaid() {
            assertThat(valid(yaml("%YAML 1.2\n---\n" + resource("", "")))).hasSize(1);
            assertRefused(yaml("%YAML 3.0\n---\n" + resource("", "")), "not valid YAML");
        }
    }
}

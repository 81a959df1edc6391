package io.authzengine.storage.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick reader is only right if nobody can tell it from the library. */
class SimpleYamlTest {
    private static final String POLICY = """
            ---
            # who may see albums
            apiVersion: api.cerbos.dev/v1
            description: "Albums: of people"  # said twice
            metadata:
              annotations:
                owner: 'it''s us'
                empty:
                ticket: IAM-1180
            resourcePolicy:
              resource: "media:album"
              version: default
              importDerivedRoles: []
              rules:
                - name: rule_01
                  actions: ["view", 'comment', share:public]
                  effect: EFFECT_ALLOW

                  roles:
                  - user
                  - "admin"
                  condition:
                    match:
                      all:
                        of:
                          - expr: V.is_mine
                          - expr: '"mfa" in request.principal.attr.auth'
                          - any:
                              of:
                                - expr: size(x) >= 2 && a != -1
                - actions:
                    - "*"
                  effect: EFFECT_DENY
                  roles: [ user , admin ]
                -
                - - nested
                  - twice
            """;

    private static List<Event> byLibrary(String text) {
        List<Event> events = new ArrayList<>();
        YamlEvents library = new YamlEvents(text, new Problems("a.yaml"));
        do {
            events.add(library.next());
        } while (!events.get(events.size() - 1).is(Event.Type.STREAM_END));
        return events;
    }

    private static List<Event> all(SimpleYaml yaml) {
        List<Event> events = new ArrayList<>();
        do {
            events.add(yaml.next());
        } while (!events.get(events.size() - 1).is(Event.Type.STREAM_END));
        return events;
    }

    /** Returns whether the quick reader took {@code text}; then it must have said what the library says. */
    private static boolean agrees(String text) {
        SimpleYaml simple = SimpleYaml.of(text, 10_000);
        if (simple == null) {
            return false;
        }
        List<Event> expected;
        try {
            expected = byLibrary(text);
        } catch (Refusal e) {
            throw new AssertionError("The library refuses what was taken as simple:\n" + text, e);
        }
        assertThat(all(simple)).as(text).containsExactlyElementsOf(expected);
        return true;
    }

    @Test
    void aPolicyAsMostAreWrittenIsReadAsTheLibraryReadsIt() {
        assertThat(agrees(POLICY)).isTrue();
        assertThat(agrees(POLICY + POLICY)).isTrue();
        assertThat(agrees(POLICY.replace("---\n", ""))).isTrue();
        assertThat(agrees(POLICY.stripTrailing())).isTrue();
        assertThat(agrees(POLICY + "   # the end")).isTrue();
        assertThat(agrees(POLICY + "\n\n  ")).isTrue();
        assertThat(agrees(POLICY.replace("people", "péople ünd 政策"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &x 1\nb: *x\n",
                "a: !!str 1\n",
                "a: |\n  text\n",
                "a: one\n  two\n",
                "a: \"one\n  two\"\n",
                "a: \"\\u0041\"\n",
                "a: {b: c}\n",
                "a:\tb\n",
                "a: b\r\n",
                "? a\n: b\n",
                "%YAML 1.2\n---\na: b\n",
                "a: b\n...\n",
                "a: b: c\n",
                "a: [b, [c]]\n",
                "a: [b\n",
                " a: b\nc: d\n",
                "a: b\n  c: d\n",
                "a:\n  - b\n c: d\n",
                "just text\n",
                "",
                "--- a: b\n",
                "a: 'b\n"
            })
    void whatIsNotSimpleIsLeftToTheLibrary(String text) {
        assertThat(SimpleYaml.of(text, 100)).isNull();
    }

    @Test
    void whatNestsDeepOrHoldsMuchIsLeftToTheLibrary() {
        assertThat(SimpleYaml.of("- ".repeat(100_000) + "a\n", 1_000_000)).isNull();
        assertThat(SimpleYaml.of("a: b\n".repeat(200), 100)).isNull();
    }

    @TestFactory
    List<DynamicTest> whatASeededHandMakesOfAPolicyIsReadAlikeOrLeftToTheLibrary() {
        List<DynamicTest> tests = new ArrayList<>();
        for (long seed = 1; seed <= 40; seed++) {
            long fixed = seed;
            tests.add(DynamicTest.dynamicTest("seed " + seed, () -> {
                SplittableRandom random = new SplittableRandom(fixed);
                int taken = 0;
                for (int i = 0; i < 1_000; i++) {
                    taken += agrees(mutated(random)) ? 1 : 0;
                }
                assertThat(taken).as("of 1,000 texts").isGreaterThan(100);
            }));
        }
        return tests;
    }

    /** Changes a few places of the policy in ways that matter to YAML. */
    private static String mutated(SplittableRandom random) {
        String[] pieces = {
            " ",
            "  ",
            "\n",
            "- ",
            "-",
            ":",
            ": ",
            "#",
            " #",
            "\"",
            "'",
            "[",
            "]",
            ", ",
            "{",
            "}",
            "|",
            ">",
            "&a ",
            "*a",
            "!",
            "---\n",
            "\n---\n",
            "...",
            "?",
            "? ",
            "a: b\n",
            "- c\n",
            "~",
            "null",
            "%",
            "@",
            "`",
            "é",
            "\\",
            "\\n",
            "''",
            "  - d: e\n",
            "x:\n",
            ","
        };
        StringBuilder text = new StringBuilder(POLICY);
        for (int change = random.nextInt(1, 4); change > 0; change--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 6)));
                case 1 -> {
                    int line = text.lastIndexOf("\n", at) + 1;
                    text.insert(line, pieces[random.nextInt(pieces.length)]);
                }
                case 2 -> {
                    int line = text.lastIndexOf("\n", at) + 1;
                    int next = text.indexOf("\n", at);
                    text.delete(line, next < 0 ? text.length() : next + 1);
                }
                default -> text.insert(at, pieces[random.nextInt(pieces.length)]);
            }
        }
        return text.toString();
    }
}

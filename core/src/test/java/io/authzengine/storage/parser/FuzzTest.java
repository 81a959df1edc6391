package io.authzengine.storage.parser;

import static io.authzengine.storage.parser.Parsing.fixture;
import static io.authzengine.storage.parser.Parsing.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes come, parsing returns, every finding has its place, and what is kept is whole. */
class FuzzTest {
    private static final List<String> FIXTURES = List.of(
            "leave_request.yaml",
            "auditor.yaml",
            "nurse.yaml",
            "nurse.json",
            "hr_roles.yaml",
            "hr_variables.yaml",
            "hr_constants.yaml",
            "hr_constants.json",
            "invoices.yaml");
    private static final List<String> BITS = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ": ",
            "- ",
            "? ",
            "&a ",
            "*a",
            "<<: *a\n",
            "!!str ",
            "!x ",
            "|\n",
            ">-\n",
            "\n",
            "\n\n",
            "\t",
            " ",
            "  ",
            "#",
            "'",
            "\"",
            "\\",
            "---\n",
            "...\n",
            "%YAML 1.2\n",
            "null",
            "~",
            "0x",
            "1e9",
            ".inf",
            "true",
            "\0",
            "\u0085",
            "\ufeff",
            "😀",
            ",",
            "@",
            "`",
            "<<<<<<< a\n",
            "rules:",
            "name: a\n");

    private static void check(byte[] bytes, String location, String how) {
        ParsedDocument parsed;
        try {
            parsed = parse(bytes, location);
        } catch (RuntimeException | Error thrown) {
            fail(how + " throws for " + HexFormat.of().formatHex(bytes), thrown);
            return;
        }
        for (Finding finding : parsed.findings()) {
            assertThat(finding.place().location()).as(how).isEqualTo(location);
            assertThat(finding.place().line()).as(how).isBetween(0, bytes.length + 1);
            assertThat(finding.message()).as(how).isNotBlank().doesNotContain("\n");
        }
        for (Policy policy : parsed.policies()) {
            assertThat(parse(policy.raw().toByteArray(), location).policies())
                    .as(how)
                    .extracting(Policy::content)
                    .containsExactly(policy.content());
        }
        assertThat(parsed.hasErrors() || !parsed.policies().isEmpty() || isQuiet(parsed, bytes))
                .as(how)
                .isTrue();
    }

    /** Nothing wrong and nothing there: empty, or switched off. */
    private static boolean isQuiet(ParsedDocument parsed, byte[] bytes) {
        return !parsed.findings().isEmpty() || new String(bytes, StandardCharsets.UTF_8).contains("disabled");
    }

    @Test
    void truncatedAtEveryByte() {
        for (String name : List.of("auditor.yaml", "nurse.json", "hr_constants.yaml", "invoices.yaml")) {
            byte[] whole = fixture(name);
            for (int length = 0; length < whole.length; length++) {
                check(Arrays.copyOf(whole, length), name, name + " cut after " + length);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20260101, 424242})
    void mutated(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 1500; round++) {
            String name = FIXTURES.get(random.nextInt(FIXTURES.size()));
            String text = new String(fixture(name), StandardCharsets.UTF_8);
            for (int i = random.nextInt(4); i >= 0; i--) {
                text = mutate(text, random);
            }
            check(text.getBytes(StandardCharsets.UTF_8), name, "seed " + seed + ", round " + round);
        }
    }

    private static String mutate(String text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), at + random.nextInt(30));
        String bit = BITS.get(random.nextInt(BITS.size()));
        return switch (random.nextInt(5)) {
            case 0 -> text.substring(0, at) + bit + text.substring(at);
            case 1 -> text.substring(0, at) + text.substring(to);
            case 2 -> text.substring(0, to) + text.substring(at);
            case 3 -> text.substring(0, at) + bit + text.substring(to);
            default -> text.substring(0, at) + bit.repeat(1 + random.nextInt(60)) + text.substring(at);
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 99})
    void random(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            check(bytes, random.nextBoolean() ? "r.yaml" : "r.json", "seed " + seed + ", round " + round);
            check(letters(random), random.nextBoolean() ? "r.yaml" : "r.json", "seed " + seed + ", letters " + round);
        }
    }

    private static byte[] letters(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append(BITS.get(random.nextInt(BITS.size())));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}

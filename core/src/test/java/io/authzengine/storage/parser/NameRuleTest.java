package io.authzengine.storage.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameRuleTest {
    private static final String LETTERS = "aZ09_-.@:/*?![]{} é\n";

    /** The same rules as expressions, for the whole name. */
    private static final Map<NameRule, Pattern> PATTERNS = Map.of(
            NameRule.SUBJECT, Pattern.compile("[^!*?\\[\\]{}]+"),
            NameRule.LABEL, Pattern.compile("(?s).+"),
            NameRule.VERSION, Pattern.compile("\\w+"),
            NameRule.OPTIONAL_VERSION, Pattern.compile("\\w*"),
            NameRule.EXPORT, Pattern.compile("[\\w\\-.]+"),
            NameRule.RULE, Pattern.compile("([a-zA-Z][\\w@.\\-]*)?"),
            NameRule.SCOPE, Pattern.compile("|\\.|[0-9a-zA-Z][\\w\\-]*(\\.\\w[\\w\\-]*)*"),
            NameRule.VARIABLE, Pattern.compile("[A-Za-z_]\\w*"));

    @ParameterizedTest
    @EnumSource
    void isAsThePatternHasIt(NameRule rule) {
        long seed = 20260101;
        Pattern pattern = Objects.requireNonNull(PATTERNS.get(rule));
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder name = new StringBuilder();
            for (int i = random.nextInt(6); i > 0; i--) {
                name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            assertThat(rule.accepts(name.toString()))
                    .as("seed %d: %s", seed, name)
                    .isEqualTo(pattern.matcher(name).matches());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"in", "true", "null", "package", "while"})
    void wordsOfCelAreNoVariables(String word) {
        assertThat(NameRule.VARIABLE.accepts(word)).isFalse();
        assertThat(NameRule.VARIABLE.accepts(word + "_")).isTrue();
    }

    @Test
    void aNameHasAnEnd() {
        assertThat(NameRule.LABEL.fullyAccepts("a".repeat(512))).isTrue();
        assertThat(NameRule.LABEL.fullyAccepts("a".repeat(513))).isFalse();
        assertThat(NameRule.LABEL.fullyAccepts("read\n")).isFalse();
    }
}

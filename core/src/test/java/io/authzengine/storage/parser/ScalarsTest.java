package io.authzengine.storage.parser;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.policy.Value;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarsTest {
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
            + "|[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"
            + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "007,7",
        "-12,-12",
        "+12,12",
        "0x1F,31",
        "0o17,15",
        "1.,1",
        ".5,0.5",
        "-1.5e3,-1500",
        "1E+2,100",
        "6e-1,0.6"
    })
    void numbers(String text, double value) {
        assertThat(Scalars.resolve(text)).isEqualTo(new Value.Num(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes",
                "no",
                "on",
                "1_000",
                "0b1",
                "12:30",
                "2020-01-01",
                ".",
                "+",
                "-",
                "e3",
                "1e",
                "0x",
                "0xg",
                "<<"
            })
    void textsInYaml12(String text) {
        assertThat(Scalars.resolve(text)).isEqualTo(new Value.Text(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "Null", "NULL", "~", ""})
    void nothing(String text) {
        assertThat(Scalars.resolve(text)).isEqualTo(Value.NULL);
    }

    @Test
    void truth() {
        assertThat(Scalars.resolve("True")).isEqualTo(new Value.Bool(true));
        assertThat(Scalars.resolve("FALSE")).isEqualTo(new Value.Bool(false));
        assertThat(Scalars.resolve("tRue")).isEqualTo(new Value.Text("tRue"));
    }

    @ParameterizedTest
    @ValueSource(strings = {".inf", "-.INF", "+.Inf", ".nan", "1e999999999"})
    void numbersThatJsonCannotSay(String text) {
        assertThat(Scalars.resolve(text)).isNull();
    }

    @Test
    void areTheNumbersOfTheCoreSchema() {
        String letters = "0179afx o.eE+-_iInN";
        Random random = new Random(20260101);
        for (int round = 0; round < 100_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(7); i > 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            assertThat(Scalars.isNumber(text.toString()))
                    .as("'%s'", text)
                    .isEqualTo(NUMBER.matcher(text).matches());
        }
    }
}

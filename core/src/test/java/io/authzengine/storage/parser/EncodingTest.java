package io.authzengine.storage.parser;

import static io.authzengine.storage.parser.Parsing.findings;
import static io.authzengine.storage.parser.Parsing.only;
import static io.authzengine.storage.parser.Parsing.parse;
import static io.authzengine.storage.parser.Parsing.resource;
import static io.authzengine.storage.parser.Parsing.rule;
import static io.authzengine.storage.parser.Parsing.valid;
import static io.authzengine.storage.parser.Parsing.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {
    private static final String POLICY = resource("", "");

    private static byte[] bytes(Object... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object part : parts) {
            bytes.writeBytes(
                    part instanceof String hex
                            ? HexFormat.of().parseHex(hex)
                            : part.toString().getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static StringBuilder text(String text) {
        return new StringBuilder(text);
    }

    @Nested
    class Utf8 {
        @Test
        void mayHaveOneByteOrderMark() {
            byte[] marked = bytes("EFBBBF", text(POLICY));

            assertThat(only(parse(marked, "p.yaml")).raw().toByteArray()).isEqualTo(marked);
            assertThat(findings(parse(bytes("EFBBBFEFBBBF", text(POLICY)), "p.yaml")))
                    .containsExactly("p.yaml:1:1: error: SD-003 the character U+FEFF at byte offset 3 has no place in a"
                            + " document (fix: remove it; in quotes it can be written as an escape)");
        }

        @Test
        void isReadBeyondTheBasicPlane() {
            assertThat(only(yaml(resource("description: héé 😀 \u4e2d\n", "")))
                            .content()
                            .header()
                            .description())
                    .isEqualTo("héé 😀 \u4e2d");
        }

        @ParameterizedTest
        @CsvSource({
            "E9,2:17,46",
            "C0AF,2:17,46",
            "EDA080,2:17,46",
            "F4908080,2:17,46",
            "80,2:17,46",
            "C3,2:17,46",
            "FE,2:17,46",
            "C3A9F0,2:18,48"
        })
        void isReadStrictly(String bad, String place, int offset) {
            byte[] bytes = bytes(text("apiVersion: api.cerbos.dev/v1\ndescription: caf"), bad, text("\n"));

            assertThat(findings(parse(bytes, "p.yaml")))
                    .singleElement()
                    .asString()
                    .startsWith("p.yaml:" + place + ": error: SD-003 the byte 0x")
                    .contains("at offset " + offset + " is not valid UTF-8");
        }

        @Test
        void thatBreaksOffIsNotValid() {
            assertThat(findings(parse(bytes(text("a: "), "E282"), "p.yaml")))
                    .singleElement()
                    .asString()
                    .contains("the byte 0xE2 at offset 3");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 7, 8, 0xB, 0xC, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0xFFFE, 0xFFFF})
        void holdsNoControlCharacters(int control) {
            String text = POLICY + "# é\n# a" + Character.toString(control) + "b\n";

            assertThat(findings(yaml(text)))
                    .singleElement()
                    .asString()
                    .startsWith("p.yaml:6:4: error: SD-003 the character U+%04X at byte offset %d "
                            .formatted(control, POLICY.length() + 5 + 3));
        }

        @Test
        void holdsThemAsEscapes() {
            assertThat(only(yaml(resource("description: \"a\\0b\\x85\"\n", "")))
                            .content()
                            .header()
                            .description())
                    .isEqualTo("a\0b\u0085");
        }
    }

    @Nested
    class OtherThings {
        @ParameterizedTest
        @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
        void otherEncodingsAreNamed(String encoding) {
            assertThat(findings(parse(POLICY.getBytes(Charset.forName(encoding)), "p.yaml")))
                    .singleElement()
                    .asString()
                    .startsWith("p.yaml: error: SD-003 the text is encoded as " + encoding.substring(0, 6));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"<!DOCTYPE html>\n<html>", "\n <html lang=\"en\">", "<?xml version=\"1.0\"?><Error/>", "<a>"
                })
        void pagesAreRecognised(String page) {
            assertThat(findings(yaml(page))).singleElement().asString().contains("HTML", "not a policy");
        }

        @Test
        void pointersOfLfsAreRecognised() {
            assertThat(findings(yaml("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")))
                    .singleElement()
                    .asString()
                    .contains("a pointer of Git LFS");
        }

        @ParameterizedTest
        @ValueSource(strings = {"<<<<<<< HEAD\n", "  x: 1\n<<<<<<< HEAD\n=======\n>>>>>>> branch\n", "<<<<<<<"})
        void conflictMarkersAreRecognised(String marker) {
            assertThat(findings(yaml(POLICY + marker)))
                    .singleElement()
                    .asString()
                    .contains("error: SD-003 this is the marker of a merge conflict");
            assertThat(findings(yaml(marker))).singleElement().asString().contains("merge conflict");
        }

        @Test
        void whatOnlyLooksLikeOneIsNot() {
            assertThat(valid(yaml(resource("description: a <<<<<<< b\n", "")))).hasSize(1);
            assertThat(valid(yaml(resource("description: |\n  <<<<<<< b\n", ""))))
                    .hasSize(1);
        }
    }

    @Nested
    class Identifiers {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\\u200B", "\\u202E", "\\u2066", "\\u061C", "\\u00AD", "\\uFEFF", "\\u2060", "\\u3164",
                            "\\U000E0041",
                    "\\uFE0F", "\\u115F", "\\u2028", "\\u180E", "\\uFFA0", "\\U0001D173", "\\U0001BCA0", "\\u17B4",
                            "\\u034F",
                    "\\uFFF0"
                })
        void hideNothing(String escape) {
            assertThat(findings(yaml(rule("").replace("employee", "\"emp" + escape + "loyee\""))))
                    .singleElement()
                    .asString()
                    .contains("p.yaml:8:15: error: SD-004 roles 'emp\\u", "cannot be seen or that reorders");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\\n", "\\0", "\\t", "\\x7F", "\\x85", "\\u0378"})
        void holdNoControlCharacters(String escape) {
            assertThat(findings(yaml(rule("").replace("employee", "\"read" + escape + "\""))))
                    .singleElement()
                    .asString()
                    .contains("roles 'read", "control character");
        }

        @Test
        void areInNormalForm() {
            assertThat(valid(yaml(resource("", "").replace("leave", "caf\u00e9"))))
                    .hasSize(1);
            assertThat(findings(yaml(resource("", "").replace("leave", "cafe\u0301"))))
                    .singleElement()
                    .asString()
                    .contains("is not in Unicode's normal form NFC");
        }

        @Test
        void thatMixScriptsAreWarnedAbout() {
            ParsedDocument document = yaml(resource("", "").replace("leave", "le\u0430ve")); // a Cyrillic a

            assertThat(document.policies()).hasSize(1);
            assertThat(findings(document)).singleElement().asString().contains("warning", "mixes letters of different");
            assertThat(valid(yaml(resource("", "").replace("leave", "\u043e\u0442\u043f\u0443\u0441\u043a"))))
                    .hasSize(1);
        }
    }
}

package io.authzengine.storage.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FindingPrinterTest {
    @TempDir
    private Path directory = Path.of("");

    private String print(boolean colours, Finding... findings) {
        StringWriter text = new StringWriter();
        new FindingPrinter(new PrintWriter(text), colours, new SourceLines(directory::resolve))
                .print(List.of(findings));
        return text.toString();
    }

    @Test
    void laysAFindingOutLikeACompiler() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), "one\ntwo: x\n");
        Finding finding = Finding.error(ErrorCode.PARSE_ERROR, new Place("a.yaml", 2, 6), "no x here")
                .fix("write y");
        assertThat(print(false, finding)).isEqualTo("""
                        a.yaml:2:6: error[SD-003]: no x here
                          |
                        2 | two: x
                          |      ^
                          = note: a store serves all of a change or nothing of it: until this is mended, what comes with it waits too
                          = help: write y

                        """);
    }

    @Test
    void saysOnlyOnceWhyItMatters() {
        Finding finding = Finding.error(ErrorCode.VALIDATION_ERROR, Place.of("gone.yaml"), "first");
        String text = print(false, finding, Finding.error(ErrorCode.VALIDATION_ERROR, Place.of("gone.yaml"), "second"));
        assertThat(text.split("= note", -1)).hasSize(2);
    }

    @Test
    void paintsWhereThereAreColours() {
        String text = print(true, Finding.warning(ErrorCode.PARSE_ERROR, Place.of("a.yaml"), "odd"));
        assertThat(text).contains("\u001b[1;33mwarning[SD-003]:\u001b[0m");
    }

    @Test
    void doesWithoutALineThatCannotBeShown() throws IOException {
        Files.write(directory.resolve("latin1.yaml"), new byte[] {'a', (byte) 0xE4, '\n'});
        Finding finding = Finding.warning(ErrorCode.PARSE_ERROR, new Place("latin1.yaml", 1, 2), "no UTF-8");
        assertThat(print(false, finding)).isEqualTo("latin1.yaml:1:2: warning[SD-003]: no UTF-8\n\n");
    }

    @Nested
    final class AMark {
        @Test
        void standsUnderTheColumnAlsoBehindTabsAndWideCharacters() {
            assertThat(MarkedLine.of("\t😀x", 3)).isEqualTo(new MarkedLine(" 😀x", "  ^"));
        }

        @Test
        void mayStandBehindTheEnd() {
            assertThat(MarkedLine.of("ab", 9)).isEqualTo(new MarkedLine("ab", "  ^"));
        }

        @Test
        void isMissingWhereTheWholeLineIsMeant() {
            assertThat(MarkedLine.of("ab", 0).mark()).isEmpty();
        }

        @Test
        void cutsAVeryLongLineAroundItself() {
            MarkedLine marked = MarkedLine.of("a".repeat(500) + "X" + "b".repeat(500), 501);
            assertThat(marked.text()).hasSize(122).startsWith("…").endsWith("…");
            assertThat(marked.text().charAt(marked.mark().length() - 1)).isEqualTo('X');
        }
    }
}

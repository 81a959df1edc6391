package io.authzengine.storage.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TextDiffTest {
    private static final int SEEDS = 2000;
    private static final Pattern HUNK = Pattern.compile("@@ -(\\d+),(\\d+) \\+(\\d+),(\\d+) @@");
    private static final String UNENDED = "\\ No newline at end of file";

    @Test
    void theHunksLeadFromOneTextToTheOther() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String before = text(random, random.nextInt(60));
            String after = changed(before, random);

            String diff = TextDiff.unified("a", before, "b", after);

            assertThat(diff.isEmpty()).isEqualTo(before.equals(after));
            assertThat(applied(diff, before))
                    .as("with seed %s:%n%s", seed, diff)
                    .isEqualTo(after);
        }
    }

    @Test
    void showsThreeLinesAroundAChangeAndPartsThatAreFarApartAsHunksOfTheirOwn() {
        String before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n";
        String after = "1\ntwo\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";

        assertThat(TextDiff.unified("old.yaml", before, "new.yaml", after)).isEqualTo("""
                --- old.yaml
                +++ new.yaml
                @@ -1,5 +1,5 @@
                 1
                -2
                +two
                 3
                 4
                 5
                @@ -10,4 +10,3 @@
                 10
                 11
                 12
                -13
                """);
    }

    @Test
    void saysWhichTextDoesNotEndItsLastLine() {
        assertThat(TextDiff.unified("a", "one\ntwo", "b", "one\ntwo\n"))
                .endsWith(" one\n-two\n" + UNENDED + "\n+two\n");
    }

    @Test
    void twoLongTextsThatHaveNothingInCommonAreShownWholeInBoundedTime() {
        StringBuilder before = new StringBuilder();
        StringBuilder after = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            before.append("was ").append(i).append('\n');
            after.append("is ").append(i).append('\n');
        }

        assertThat(TextDiff.unified("a", before.toString(), "b", after.toString())
                        .lines())
                .hasSize(40_003);
    }

    private static String text(SplittableRandom random, int lines) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append("line ").append(random.nextInt(20)).append('\n');
        }
        if (random.nextInt(4) == 0 && lines > 0) {
            text.setLength(text.length() - 1);
        }
        return text.toString();
    }

    private static String changed(String before, SplittableRandom random) {
        StringBuilder after = new StringBuilder();
        for (String line : before.split("(?<=\n)", -1)) {
            int what = random.nextInt(20);
            if (what == 0) {
                after.append(text(random, 1 + random.nextInt(3)));
            }
            if (what != 1) {
                after.append(line);
            }
        }
        return after.toString();
    }

    /** Applies a unified diff as patch(1) does, and insists on every line of context. */
    private static String applied(String diff, String before) {
        if (diff.isEmpty()) {
            return before;
        }
        List<String> old = new ArrayList<>(List.of(before.split("(?<=\n)", -1)));
        old.removeIf(String::isEmpty);
        StringBuilder result = new StringBuilder();
        int at = 0;
        char last = ' ';
        for (String line : diff.lines().toList()) {
            Matcher hunk = HUNK.matcher(line);
            if (line.startsWith("---") || line.startsWith("+++")) {
                continue;
            }
            if (hunk.matches()) {
                int from = Integer.parseInt(hunk.group(1)) - (hunk.group(2).equals("0") ? 0 : 1);
                while (at < from) {
                    result.append(old.get(at++));
                }
                continue;
            }
            if (line.equals(UNENDED)) {
                // It belongs to the line before: a kept or new one ends the result.
                if (last != '-') {
                    result.setLength(result.length() - 1);
                }
                continue;
            }
            last = line.charAt(0);
            String text = line.substring(1);
            if (line.charAt(0) != '+') {
                assertThat(old.get(at).replace("\n", "")).isEqualTo(text);
                at++;
            }
            if (line.charAt(0) != '-') {
                result.append(text).append('\n');
            }
        }
        while (at < old.size()) {
            result.append(old.get(at++));
        }
        return result.toString();
    }
}

package io.authzengine.storage.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerformancePageTest {
    private static final String PAGE = """
            # Page
            By hand, 1.
            <!-- measured: find -->
            of last time
            <!-- end of find -->
            By hand, 2.
            <!-- measured: targets -->
            <!-- end of targets -->
            """;

    private static Results results(String... lines) {
        return new Results(List.of(lines).stream().map(Row::parse).toList(), new Properties());
    }

    @Nested
    class Rewriting {
        @Test
        void onlyWhatIsBetweenMarksIsReplaced() {
            String page = PerformancePage.rewrite(PAGE, results("find.map,10000,ns,3,8,9,10,10"));

            assertThat(page)
                    .contains("By hand, 1.", "By hand, 2.", "| `find.map` | 10,000 | 3 | 8 | 9 |  | 10 | ns |")
                    .doesNotContain("of last time");
        }

        @Test
        void doingItAgainChangesNothing() {
            Results results = results("find.map,10000,ns,3,8,9,10,10", "find.find.ratio.map,10000,x,3,1,1.1,1.3,1.3");
            String once = PerformancePage.rewrite(PAGE, results);

            assertThat(PerformancePage.rewrite(once, results)).isEqualTo(once);
        }

        @Test
        void whatWasNotMeasuredIsSaidToBeSo() {
            assertThat(PerformancePage.rewrite(PAGE, results())).contains("Not measured.", "not measured |");
        }

        @Test
        void figuresOfAGroupAreThoseBelowItsName() {
            Results results = results("find.map,1,ns,1,1,1,1,1", "finder,1,ns,1,1,1,1,1", "find,1,ns,1,1,1,1,1");

            assertThat(results.group("find")).extracting(Row::figure).containsExactly("find.map", "find");
        }
    }

    @Nested
    class Verdicts {
        private final Target target = new Target("what", "f", 10, Target.Statistic.P99, 20, 5, "f");

        @Test
        void theStatisticThatCountsIsCompared() {
            assertThat(target.verdict(results("f,10,ms,9,1,2,5,9"))).isEqualTo(Target.Verdict.GOAL);
            assertThat(target.verdict(results("f,10,ms,9,1,2,20,99"))).isEqualTo(Target.Verdict.REACHED);
            assertThat(target.verdict(results("f,10,ms,9,1,2,20.1,99"))).isEqualTo(Target.Verdict.MISSED);
        }

        @Test
        void anotherNumberOfPoliciesIsNoAnswer() {
            assertThat(target.verdict(results("f,11,ms,9,1,2,5,9"))).isEqualTo(Target.Verdict.UNKNOWN);
        }
    }

    @Nested
    class Reading {
        @TempDir
        Path directory;

        @Test
        void whatWasHandedInIsReadAgain() throws IOException {
            System.setProperty("figures", directory.resolve("find.csv").toString());
            try {
                Figures.tell("find.map", 1000, "ns", Sample.of(3, 1, 2));
                Figures.tell("find.map.allocated", 1000, "B", 0);
            } finally {
                System.clearProperty("figures");
            }

            Results results = Results.read(directory);

            assertThat(results.find("find.map", 1000)).contains(new Row("find.map", 1000, "ns", 3, 1, 2, 3, 3));
            assertThat(results.find("find.map.allocated", 0).orElseThrow().p50())
                    .isZero();
        }

        @Test
        void aLineThatIsNoneIsNamed() throws IOException {
            Files.writeString(directory.resolve("odd.csv"), "figure,1\n");

            assertThatThrownBy(() -> Results.read(directory)).hasMessageContaining("figure,1");
        }
    }

    @Nested
    class Plots {
        @Test
        void whatGrowsInProportionIsAStraightLine() {
            String svg = GrowthPlot.draw(
                    "Growth",
                    "s",
                    List.of(new GrowthPlot.Line(
                            "one",
                            List.of(
                                    new GrowthPlot.Point(1_000, 0.1),
                                    new GrowthPlot.Point(10_000, 1),
                                    new GrowthPlot.Point(100_000, 10)))));

            List<Double> heights = Pattern.compile("<circle cx=\"\\S+\" cy=\"(\\S+)\"")
                    .matcher(svg)
                    .results()
                    .map(found -> Double.parseDouble(found.group(1)))
                    .toList();
            assertThat(heights).hasSize(3);
            assertThat(heights.get(0) + heights.get(2)).isEqualTo(2 * heights.get(1));
            assertThat(svg).startsWith("<svg ").contains("<title>Growth</title>", ">100,000<", ">one<");
        }

        @Test
        void linesWithoutFiguresAreLeftOut() {
            assertThat(GrowthPlot.draw("Growth", "s", List.of(new GrowthPlot.Line("none", List.of()))))
                    .doesNotContain("none");
        }
    }
}

package io.authzengine.storage.benchmarks.report;

import io.authzengine.storage.benchmarks.measure.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Draws how figures grow, as SVG, both axes logarithmic, so that what grows in proportion is a straight line. Its colours can be read on white and
 * on black, as nobody knows what is behind it.
 */
final class GrowthPlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 64;
    private static final int RIGHT = 190;
    private static final int TOP = 48;
    private static final int BOTTOM = 44;
    private static final int LABEL_HEIGHT = 16;
    private static final String GREY = "#808890";
    private static final List<String> COLOURS = List.of("#3b82f6", "#16a34a", "#e0662a", "#a855f7");

    private final StringBuilder svg = new StringBuilder();
    private final Axis x;
    private final Axis y;

    /** A figure at a number of policies. */
    record Point(double policies, double value) {}

    /** A figure as it grows. */
    record Line(String name, List<Point> points) {}

    /** From values to places. */
    private record Axis(double low, double high, double from, double to) {
        static Axis around(List<Double> values, double from, double to) {
            double low = values.stream().mapToDouble(Double::doubleValue).min().orElse(1);
            double high = values.stream().mapToDouble(Double::doubleValue).max().orElse(10);
            return new Axis(decadeBelow(low), Math.max(decadeBelow(low) * 10, decadeAbove(high)), from, to);
        }

        private static double decadeBelow(double value) {
            return Math.pow(10, Math.floor(Math.log10(value)));
        }

        private static double decadeAbove(double value) {
            return Math.pow(10, Math.ceil(Math.log10(value)));
        }

        double at(double value) {
            return from + (to - from) * Math.log(value / low) / Math.log(high / low);
        }

        List<Double> ticks() {
            List<Double> ticks = new ArrayList<>();
            for (double decade = low; decade <= high * 1.0001; decade *= 10) {
                ticks.add(decade);
            }
            return ticks;
        }
    }

    private GrowthPlot(List<Line> lines) {
        List<Point> all = lines.stream().flatMap(line -> line.points().stream()).toList();
        this.x = Axis.around(all.stream().map(Point::policies).toList(), LEFT, WIDTH - RIGHT);
        this.y = Axis.around(all.stream().map(Point::value).toList(), HEIGHT - BOTTOM, TOP);
    }

    /** Returns the text of an SVG file; lines without points are left out. */
    static String draw(String title, String unit, List<Line> lines) {
        List<Line> drawn =
                lines.stream().filter(line -> !line.points().isEmpty()).toList();
        GrowthPlot plot = new GrowthPlot(drawn);
        plot.begin(title);
        plot.axes(unit);
        plot.lines(drawn);
        return plot.svg.append("</svg>\n").toString();
    }

    private void begin(String title) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"%s\">",
                WIDTH, HEIGHT, WIDTH, HEIGHT, GREY);
        add("<title>%s</title>", title);
        add("<text x=\"%d\" y=\"24\" font-size=\"15\">%s</text>", LEFT, title);
    }

    private void axes(String unit) {
        for (double tick : x.ticks()) {
            grid(x.at(tick), TOP, x.at(tick), HEIGHT - BOTTOM);
            add(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,.0f</text>",
                    x.at(tick), HEIGHT - BOTTOM + 20, tick);
        }
        for (double tick : y.ticks()) {
            grid(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick));
            add(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s %s</text>",
                    LEFT - 8, y.at(tick) + 4, Figures.number(tick), unit);
        }
    }

    private void grid(double x1, double y1, double x2, double y2) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-opacity=\"0.3\"/>",
                x1, y1, x2, y2, GREY);
    }

    private void lines(List<Line> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String colour = COLOURS.get(i % COLOURS.size());
            StringBuilder points = new StringBuilder();
            for (Point point : lines.get(i).points()) {
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(point.policies()), y.at(point.value())));
                add(
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>",
                        x.at(point.policies()), y.at(point.value()), colour);
            }
            add(
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                    points.toString().strip(), colour);
        }
        labels(lines);
    }

    /** Beside the last point of each line, but none over another. */
    private void labels(List<Line> lines) {
        List<Line> downward = lines.stream()
                .sorted(Comparator.comparingDouble(line -> y.at(last(line).value())))
                .toList();
        double free = TOP;
        for (Line line : downward) {
            double at = Math.max(free, y.at(last(line).value()));
            free = at + LABEL_HEIGHT;
            add(
                    "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>",
                    x.at(last(line).policies()) + 10,
                    at + 4,
                    COLOURS.get(lines.indexOf(line) % COLOURS.size()),
                    line.name());
        }
    }

    private static Point last(Line line) {
        return line.points().get(line.points().size() - 1);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}

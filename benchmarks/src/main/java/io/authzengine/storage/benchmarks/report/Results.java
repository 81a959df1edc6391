package io.authzengine.storage.benchmarks.report;

import io.authzengine.storage.benchmarks.measure.Figures;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * All that was measured.
 *
 * @param rows the figures, in the order they were handed in
 * @param machine where
 */
record Results(List<Row> rows, Properties machine) {
    /** What a file of figures ends in. */
    static final String FIGURES = ".csv";

    Results {
        rows = List.copyOf(rows);
    }

    /** Reads all files of figures in {@code directory}, and where they come from. */
    static Results read(Path directory) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(each -> each.toString().endsWith(FIGURES))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    if (!line.equals(Figures.HEADER)) {
                        rows.add(Row.parse(line));
                    }
                }
            }
        }
        Properties machine = new Properties();
        Path about = directory.resolve(Machine.FILE);
        if (Files.exists(about)) {
            try (Reader reader = Files.newBufferedReader(about)) {
                machine.load(reader);
            }
        }
        return new Results(rows, machine);
    }

    /** Returns the figure of that name that was measured with so many policies; 0 for any number. */
    Optional<Row> find(String figure, int policies) {
        return rows.stream()
                .filter(row -> row.figure().equals(figure) && (policies == 0 || row.policies() == policies))
                .findFirst();
    }

    /** Returns the figures of that name by number of policies, ascending. */
    List<Row> growth(String figure) {
        return rows.stream()
                .filter(row -> row.figure().equals(figure))
                .sorted(Comparator.comparingInt(Row::policies))
                .toList();
    }

    /** Returns the figures whose names begin with {@code group} and a dot, or are it. */
    List<Row> group(String group) {
        return rows.stream()
                .filter(row -> row.figure().equals(group) || row.figure().startsWith(group + "."))
                .toList();
    }
}

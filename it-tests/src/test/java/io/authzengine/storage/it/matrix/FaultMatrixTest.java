package io.authzengine.storage.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each fault against each backend. A backend goes through its rows one after another; the backends do so side by side, as all of them
 * wait most of the time. {@code -Dmatrix.rows=F14,F15} and {@code -Dmatrix.backends=http} choose some.
 */
final class FaultMatrixTest {
    private static final int FAULTS = 46;
    private static final ExecutorService RUNNERS = Executors.newFixedThreadPool(4);

    @TempDir
    static Path directory = Path.of("");

    @AfterAll
    static void end() {
        RUNNERS.shutdownNow();
        System.out.println(MatrixPage.table());
    }

    private static boolean chosen(String property, String name) {
        String wanted = System.getProperty(property, "");
        return wanted.isEmpty() || List.of(wanted.split(",")).contains(name);
    }

    @TestFactory
    @Timeout(600)
    Stream<DynamicContainer> matrix() {
        return Stream.of(BackendKind.values())
                .filter(kind -> chosen("matrix.backends", kind.title()))
                .map(FaultMatrixTest::column)
                .toList()
                .stream();
    }

    private static DynamicContainer column(BackendKind kind) {
        Map<Row, CompletableFuture<Void>> outcomes = new LinkedHashMap<>();
        for (Row row : Row.values()) {
            if (kind.whyNot(row).isEmpty() && chosen("matrix.rows", row.code())) {
                outcomes.put(row, new CompletableFuture<>());
            }
        }
        Map<Row, CompletableFuture<Void>> all = new EnumMap<>(outcomes);
        RUNNERS.execute(() -> run(kind, all));
        return DynamicContainer.dynamicContainer(
                kind.title(),
                outcomes.entrySet().stream()
                        .map(outcome -> DynamicTest.dynamicTest(
                                outcome.getKey().code() + " " + outcome.getKey().title(),
                                () -> join(outcome.getValue())))
                        .toList());
    }

    private static void join(CompletableFuture<Void> outcome) throws Throwable {
        try {
            outcome.join();
        } catch (CompletionException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static void run(BackendKind kind, Map<Row, CompletableFuture<Void>> outcomes) {
        List<String> took = new ArrayList<>();
        Path home = directory.resolve(kind.name());
        try (BackendUnderTest backend = kind.start(Files.createDirectories(home))) {
            for (Map.Entry<Row, CompletableFuture<Void>> outcome : outcomes.entrySet()) {
                long begin = System.nanoTime();
                run(kind, backend, home.resolve(outcome.getKey().name()), outcome.getKey(), outcome.getValue());
                took.add(outcome.getKey().code() + " " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            }
        } catch (Throwable e) {
            outcomes.values().forEach(outcome -> outcome.completeExceptionally(e));
        }
        System.out.println(kind.title() + ": " + String.join(", ", took));
    }

    private static void run(
            BackendKind kind, BackendUnderTest backend, Path home, Row row, CompletableFuture<Void> outcome) {
        try (Scene scene = Scene.set(
                kind, backend, Files.createDirectories(home), row.name().hashCode())) {
            row.run(scene);
            scene.conclude();
            outcome.complete(null);
        } catch (Throwable e) {
            outcome.completeExceptionally(e);
        }
    }

    @Test
    void eachFaultIsARowOrTestedElsewhere() throws Exception {
        Set<String> seen = new TreeSet<>();
        Stream.of(Row.values()).map(Row::code).forEach(seen::add);
        for (Elsewhere fault : Elsewhere.values()) {
            assertThat(seen.add(fault.name())).as(fault + " is here and there").isTrue();
            for (String test : fault.tests()) {
                assertThat(isThere(test)).as(test).isTrue();
            }
        }
        assertThat(seen)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, FAULTS).mapToObj("F%02d"::formatted).toList());
    }

    private static boolean isThere(String test) throws IOException {
        String[] parts = test.split("[/.]", 3);
        Path sources = Path.of(System.getProperty("docs")).resolveSibling(parts[0]).resolve("src/test/java");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(file -> file.endsWith(parts[1] + ".java")).toList()) {
                if (Files.readString(file).contains("void " + parts[2] + "(")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@code mvn … -Dtest=FaultMatrixTest -Dmatrix.write=true} writes it. */
    @Test
    void thePageShowsThisMatrix() throws Exception {
        Path page = Path.of(System.getProperty("docs"), "reliability.md");
        String text = Files.readString(page);
        String current = MatrixPage.with(text, MatrixPage.table());
        if (Boolean.getBoolean("matrix.write")) {
            Files.writeString(page, current);
        } else {
            assertThat(text)
                    .as("docs/reliability.md; -Dmatrix.write=true brings it up to date")
                    .isEqualTo(current);
        }
    }
}

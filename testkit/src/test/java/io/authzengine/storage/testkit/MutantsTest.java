package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The contract finds real bugs: each of these drivers has one, and each fails it, at the very check that {@code docs/testing.md} names.
 * {@code -Dmutants.write=true} goes through the whole contract and writes what it finds there.
 */
class MutantsTest {
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Path PAGE = Path.of("..", "docs", "testing.md");
    private static final Path TABLE = Path.of("target", "tck", "mutants.md");
    private static final boolean WRITES = Boolean.getBoolean("mutants.write");
    private static final Map<String, MutantTable.Caught> CAUGHT = new ConcurrentHashMap<>();
    private static MutantTable page = new MutantTable(Map.of());

    static Stream<Mutant> mutants() {
        return Stream.of(SourceMutants.all(), DriverMutants.all()).flatMap(List::stream);
    }

    @BeforeAll
    static void readPage() throws IOException {
        page = MutantTable.read(Files.readString(PAGE));
    }

    @AfterAll
    static void writeTable() throws IOException {
        MutantTable found = new MutantTable(CAUGHT);
        Files.writeString(Files.createDirectories(TABLE.getParent()).resolve(TABLE.getFileName()), found.markdown());
        if (WRITES) {
            Files.writeString(PAGE, found.into(Files.readString(PAGE)));
        }
    }

    @ParameterizedTest(name = "that {0}")
    @MethodSource("mutants")
    void aDriverIsCaught(Mutant mutant) {
        MutantTable.Caught expected = WRITES ? null : page.of(mutant);
        Queue<MutantTable.Caught> failures = expected == null
                ? failures(mutant, selectClass(MutatedContract.class), any -> true)
                : failures(mutant, topic(expected), expected::equals);
        assertThat(failures)
                .as("what of the contract fails for a driver that %s", mutant)
                .isNotEmpty();
        if (expected != null) {
            assertThat(failures)
                    .as("docs/testing.md; -Dmutants.write=true brings it up to date")
                    .contains(expected);
        }
        CAUGHT.put(mutant.name(), expected == null ? failures.element() : expected);
    }

    @Test
    void thePageNamesAllOfThem() {
        if (!WRITES) {
            assertThat(page.names())
                    .as("docs/testing.md; -Dmutants.write=true brings it up to date")
                    .containsExactlyInAnyOrderElementsOf(
                            mutants().map(Mutant::name).toList());
        }
    }

    private static DiscoverySelector topic(MutantTable.Caught caught) {
        return selectUniqueId(UniqueId.forEngine("junit-jupiter")
                .append("class", MutatedContract.class.getName())
                .append("nested-class", caught.topic()));
    }

    /** Runs {@code part} of the contract over {@code mutant} up to a failure that is {@code enough}; returns what failed. */
    private static Queue<MutantTable.Caught> failures(
            Mutant mutant, DiscoverySelector part, Predicate<MutantTable.Caught> enough) {
        MutatedContract.mutant = mutant;
        Queue<MutantTable.Caught> failed = new ConcurrentLinkedQueue<>();
        CancellationToken end = CancellationToken.create();
        TestExecutionListener listener = new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    MutantTable.Caught caught = MutantTable.Caught.by(test);
                    failed.add(caught);
                    if (enough.test(caught)) {
                        end.cancel();
                    }
                }
            }
        };
        LauncherFactory.create(LauncherConfig.builder()
                        .enableLauncherSessionListenerAutoRegistration(false)
                        .enableTestExecutionListenerAutoRegistration(false)
                        .build())
                .execute(LauncherExecutionRequestBuilder.request(LauncherDiscoveryRequestBuilder.request()
                                .selectors(part)
                                .configurationParameter(ContractReport.DIRECTORY, "")
                                .build())
                        .listeners(listener)
                        .cancellationToken(end)
                        .build());
        return failed;
    }
}

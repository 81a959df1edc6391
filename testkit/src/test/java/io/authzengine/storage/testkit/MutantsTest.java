package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The contract finds real bugs: each of these drivers has one, and each fails it. */
class MutantsTest {
    static final Duration PATIENCE = Duration.ofSeconds(2);

    static Stream<Mutant> mutants() {
        return Stream.of(SourceMutants.all(), DriverMutants.all()).flatMap(List::stream);
    }

    @ParameterizedTest(name = "that {0}")
    @MethodSource("mutants")
    void aDriverIsCaught(Mutant mutant) {
        assertThat(failures(mutant))
                .as("what of the contract fails for a driver that %s", mutant)
                .isNotEmpty();
    }

    /** Runs the contract over {@code mutant} up to the first failure; returns what failed. */
    private static Queue<String> failures(Mutant mutant) {
        MutatedContract.mutant = mutant;
        Queue<String> failed = new ConcurrentLinkedQueue<>();
        CancellationToken enough = CancellationToken.create();
        TestExecutionListener listener = new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    failed.add(test.getUniqueId() + ": "
                            + result.getThrowable().map(Throwable::getMessage).orElse(""));
                    enough.cancel();
                }
            }
        };
        LauncherFactory.create(LauncherConfig.builder()
                        .enableLauncherSessionListenerAutoRegistration(false)
                        .enableTestExecutionListenerAutoRegistration(false)
                        .build())
                .execute(LauncherExecutionRequestBuilder.request(LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(MutatedContract.class))
                                .configurationParameter(ContractReport.DIRECTORY, "")
                                .build())
                        .listeners(listener)
                        .cancellationToken(enough)
                        .build());
        return failed;
    }
}

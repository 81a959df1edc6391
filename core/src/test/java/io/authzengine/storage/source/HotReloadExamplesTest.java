package io.authzengine.storage.source;

import static io.authzengine.storage.source.Documents.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The ways a hot reloader is used, one test for each example of its guide. */
class HotReloadExamplesTest {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    private static SimulatedLoop reloader(boolean initialLoad) {
        SimulatedLoop loop = new SimulatedLoop(SyncSettings.DEFAULT
                .withInitialLoad(initialLoad)
                .withPollInterval(TWO_SECONDS)
                .withRetries(0));
        loop.source.put("policy.yaml", policy("album", "view"));
        return loop;
    }

    @Test
    void safeStartupLoadsAtTheFirstCheckAndThenWatchesForChanges() {
        SimulatedLoop reloader = reloader(true);
        assertThat(reloader.check()).isTrue();
        reloader.driver.start(StartOptions.DEFAULT);
        reloader.source.put("policy.yaml", policy("album", "edit"));
        reloader.advance(TWO_SECONDS);
        assertThat(reloader.text("album")).contains("edit");
        assertThat(reloader.driver.stop(Duration.ofSeconds(1))).isTrue();
        reloader.source.put("policy.yaml", policy("album", "own"));
        reloader.advance(Duration.ofMinutes(1));
        assertThat(reloader.text("album")).contains("edit");
    }

    @Test
    void withoutAnInitialLoadTheFirstCheckDoesNothingUntilTheEtagChanges() {
        SimulatedLoop reloader = reloader(false);
        assertThat(reloader.check()).isFalse();
        assertThat(reloader.check()).isFalse();
        reloader.source.put("policy.yaml", policy("album", "edit"));
        assertThat(reloader.check()).isTrue();
        assertThat(reloader.text("album")).contains("edit");
    }

    @Test
    void aForcedCheckLoadsWhateverTheEtagSays() {
        SimulatedLoop reloader = reloader(false);
        assertThat(reloader.check()).isFalse();
        assertThat(reloader.force()).isTrue();
        assertThat(reloader.text("album")).contains("view");
    }

    /** All on one pool, as in an event loop: a check that blocks there must not wait for itself. */
    @Test
    void aForcedCheckWithinAnAsynchronousCallGivesTheSameAnswerLater() throws Exception {
        ScriptedSource source = new ScriptedSource();
        source.put("policy.yaml", policy("album", "view"));
        try (StorageContext context = StorageContext.create("asynchronous");
                SourceDriver driver =
                        new SourceDriver("test", "scripted", source, SyncSettings.DEFAULT.withRetries(0), context)) {
            CompletableFuture<List<Boolean>> answers = CompletableFuture.supplyAsync(
                            () -> driver.checkNow(CheckMode.FORCE), context.workers())
                    .thenApplyAsync(first -> List.of(first, driver.checkNow(CheckMode.IF_CHANGED)), context.workers());
            assertThat(answers.get(60, TimeUnit.SECONDS)).containsExactly(true, false);
        }
    }

    @Test
    void aForcedInitialLoadIsOverWhenStartReturns() {
        SimulatedLoop reloader = reloader(false);
        reloader.driver.start(StartOptions.DEFAULT.withForcedInitialLoad());
        assertThat(reloader.text("album")).contains("view");
    }

    @Test
    void startOverridesIntervalAndInitialLoadForThatStartOnly() {
        SimulatedLoop reloader = reloader(false);
        reloader.driver.start(StartOptions.DEFAULT.withInitialLoad().withInterval(Duration.ofMinutes(1)));
        assertThat(reloader.text("album")).contains("view");
        reloader.source.calls.clear();
        reloader.advance(Duration.ofMinutes(1));
        assertThat(reloader.source.count("manifest")).isEqualTo(1);
        reloader.driver.stop(Duration.ZERO);
        reloader.driver.start(StartOptions.DEFAULT);
        reloader.source.calls.clear();
        reloader.advance(Duration.ofMinutes(1));
        assertThat(reloader.source.count("manifest")).isEqualTo(30);
    }

    @Test
    void aSourceWithoutAnEtagIsLoadedAtEachCheckAndDecidesItselfWhatChanged() {
        SimulatedLoop reloader = reloader(true);
        reloader.source.hasRevisions = false;
        reloader.source.hasTokens = false;
        assertThat(reloader.check()).isTrue();
        reloader.source.calls.clear();
        assertThat(reloader.check()).isFalse();
        assertThat(reloader.source.calls).containsExactly("manifest", "read policy.yaml");
    }

    @Test
    void onErrorsThePreviousPolicyStaysAndTheNextAttemptIsPutOff() {
        List<StorageException> errors = List.of(
                new ConnectionFailedException(Problem.in("test", "the network is down")),
                new NotFoundException(Problem.in("test", "the file is gone")));
        for (StorageException error : errors) {
            SimulatedLoop reloader = reloader(true);
            reloader.check();
            reloader.source.put("policy.yaml", policy("album", "edit")).always(ScriptedSource.throwing(error));
            assertThatThrownBy(reloader::check).isEqualTo(error);
            assertThat(reloader.text("album")).contains("view");
            assertThat(reloader.status().lastError()).contains(error);
            assertThat(reloader.status().suppressedUntil()).isPresent();
            assertThat(reloader.check()).isFalse();
        }
    }

    @Test
    void onAParseErrorThePreviousPolicyStaysAndTheErrorIsThereToBeSeen() {
        SimulatedLoop reloader = reloader(true);
        reloader.check();
        reloader.source.put("policy.yaml", Documents.BROKEN);
        reloader.check();
        assertThat(reloader.text("album")).contains("view");
        assertThat(reloader.driver.load().errors()).hasSize(1);
    }

    @Test
    void aCheckAtTheStartOfEachRequestIsOneCheapCallToTheSource() {
        SimulatedLoop reloader = reloader(true);
        reloader.check();
        reloader.source.calls.clear();
        for (int request = 0; request < 3; request++) {
            reloader.check();
        }
        assertThat(reloader.source.calls).containsExactly("manifest", "manifest", "manifest");
    }

    @Test
    void theDiagnosticsOfTheReloaderAreThere() {
        SimulatedLoop reloader = reloader(true);
        reloader.check();
        SyncStatus diagnostics = reloader.status();
        assertThat(diagnostics.lastRevision()).isEqualTo(reloader.source.revision());
        assertThat(diagnostics.lastReloadAt()).isPresent();
        assertThat(diagnostics.lastError()).isEmpty();
        assertThat(diagnostics.suppressedUntil()).isEmpty();
    }
}

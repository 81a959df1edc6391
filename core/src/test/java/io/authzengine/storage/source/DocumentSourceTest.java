package io.authzengine.storage.source;

import static io.authzengine.storage.source.Documents.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.simulation.Simulation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DocumentSourceTest {
    private final Simulation sim = Simulation.seeded(1);
    private final Backend backend = new Backend();

    /** A document whose etag is given, missing or failing, and which fails when it is told to. */
    private static final class Backend implements DocumentSource {
        final List<String> calls = new ArrayList<>();
        String text = policy("album", "view");

        @Nullable
        String etag = "v1";

        boolean etagFails;
        boolean tellsEtagWhenLoading = true;

        @Nullable
        Exception failure;

        @Nullable
        Runnable afterEtag;

        boolean closed;

        void change(String action, @Nullable String to) {
            text = policy("album", action);
            etag = to;
        }

        @Override
        public Optional<String> etag() throws IOException {
            calls.add("etag");
            Optional<String> answer = Optional.ofNullable(etag);
            Runnable next = afterEtag;
            afterEtag = null;
            if (next != null) {
                next.run();
            }
            if (etagFails) {
                throw new IOException("no etag today");
            }
            return answer;
        }

        @Override
        public Document load() throws IOException, InterruptedException {
            calls.add("load");
            if (failure instanceof IOException io) {
                throw io;
            }
            if (failure instanceof RuntimeException defect) {
                throw defect;
            }
            Document document = Document.of(text);
            return etag == null || !tellsEtagWhenLoading ? document : document.withEtag(etag);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Which of the two operations answers later. */
    enum Combination {
        BOTH_AT_ONCE,
        ETAG_LATER,
        LOAD_LATER,
        BOTH_LATER
    }

    private PolicySource source(Combination combination) {
        if (combination == Combination.BOTH_AT_ONCE) {
            return backend.at("policy.yaml");
        }
        return new AsyncDocumentSource() {
            @Override
            public CompletionStage<Optional<String>> etag() {
                return stage(combination != Combination.LOAD_LATER, backend::etag);
            }

            @Override
            public CompletionStage<DocumentSource.Document> load() {
                return stage(combination != Combination.ETAG_LATER, backend::load);
            }

            @Override
            public void close() {
                backend.close();
            }
        }.at("policy.yaml");
    }

    private interface Answer<T> {
        T get() throws IOException, InterruptedException;
    }

    private static <T> CompletionStage<T> stage(boolean later, Answer<T> answer) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        Runnable completion = () -> {
            try {
                stage.complete(answer.get());
            } catch (Exception e) {
                stage.completeExceptionally(e);
            }
        };
        if (later) {
            CompletableFuture.runAsync(completion);
        } else {
            completion.run();
        }
        return stage;
    }

    private SourceDriver driver(PolicySource source, SyncSettings settings) {
        StorageContext context = new StorageContext(
                sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
        return new SourceDriver("doc-1", "document", source, settings, context);
    }

    private SourceDriver driver() {
        return driver(backend.at("policy.yaml"), SyncSettings.DEFAULT.withRetries(0));
    }

    private static String text(SourceDriver driver) {
        return driver.getPolicy(Documents.id("album"))
                .map(found -> found.raw().toString())
                .orElse("none");
    }

    private static boolean check(SourceDriver driver) {
        return driver.checkNow(CheckMode.IF_CHANGED);
    }

    @Nested
    class Reloading {
        @ParameterizedTest
        @EnumSource
        void worksInAllCombinationsOfNowAndLater(Combination combination) {
            SourceDriver reloader = driver(source(combination), SyncSettings.DEFAULT.withRetries(0));
            assertThat(check(reloader)).isTrue();
            assertThat(check(reloader)).isFalse();
            backend.change("edit", "v2");
            assertThat(check(reloader)).isTrue();
            assertThat(text(reloader)).contains("edit");
            backend.failure = new IOException("the network is down");
            backend.change("own", "v3");
            assertThatThrownBy(() -> check(reloader))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("the network is down");
            assertThat(text(reloader)).contains("edit");
            reloader.close();
            assertThat(backend.closed).isTrue();
        }

        @Test
        void anUnchangedEtagCostsNoLoad() {
            SourceDriver reloader = driver();
            check(reloader);
            backend.calls.clear();
            check(reloader);
            assertThat(backend.calls).containsExactly("etag");
        }

        @Test
        void withoutInitialLoadTheEtagIsPrimedAndTheFirstCheckDoesNothing() {
            SourceDriver reloader = driver(backend.at("policy.yaml"), SyncSettings.DEFAULT.withInitialLoad(false));
            assertThat(check(reloader)).isFalse();
            assertThat(check(reloader)).isFalse();
            assertThat(backend.calls).doesNotContain("load");
            backend.change("edit", "v2");
            assertThat(check(reloader)).isTrue();
        }

        @Test
        void anEtagThatFailsWhilePrimingLoadsAtTheFirstCheck() {
            backend.etagFails = true;
            SourceDriver reloader = driver(backend.at("policy.yaml"), SyncSettings.DEFAULT.withInitialLoad(false));
            reloader.init();
            assertThat(check(reloader)).isTrue();
        }

        @Test
        void aForcedLoadNeedsNoEtag() {
            backend.etagFails = true;
            SourceDriver reloader = driver();
            assertThat(reloader.checkNow(CheckMode.FORCE)).isTrue();
            assertThat(text(reloader)).contains("view");
        }

        @Test
        void theDiagnosticsNameTheEtag() {
            SourceDriver reloader = driver();
            check(reloader);
            assertThat(reloader.status().lastRevision().token()).isEqualTo("v1");
            assertThat(reloader.status().lastReloadAt()).isPresent();
        }
    }

    @Nested
    class WithoutAnEtag {
        @Test
        void theDocumentIsLoadedAtEachLookAndItsContentTellsWhetherItChanged() {
            backend.etag = null;
            SourceDriver reloader = driver();
            assertThat(check(reloader)).isTrue();
            long sequence = reloader.load().sequence();
            for (int i = 0; i < 3; i++) {
                assertThat(check(reloader)).isFalse();
            }
            assertThat(reloader.load().sequence()).isEqualTo(sequence);
            assertThat(reloader.status().lastCheckedAt()).isPresent();
            backend.change("edit", null);
            assertThat(check(reloader)).isTrue();
        }
    }

    @Nested
    class WhenTheDocumentChangesBetweenEtagAndLoad {
        @Test
        void theNewContentIsNeverNotedUnderTheOldEtag() {
            SourceDriver reloader = driver();
            check(reloader);
            backend.change("edit", "v2");
            backend.afterEtag = () -> backend.change("own", "v3");
            assertThat(check(reloader)).isTrue();
            assertThat(text(reloader)).contains("own");
            assertThat(reloader.status().lastRevision().token()).isEqualTo("v3");
            backend.change("edit", "v2");
            assertThat(check(reloader)).isTrue();
            assertThat(text(reloader)).contains("edit");
        }

        @Test
        void aSourceThatTellsNoEtagWhenLoadingIsAskedAgain() {
            backend.tellsEtagWhenLoading = false;
            SourceDriver reloader = driver();
            backend.afterEtag = () -> backend.change("own", "v3");
            assertThat(check(reloader)).isTrue();
            assertThat(reloader.status().lastRevision().token()).isEqualTo("v3");
        }
    }

    @Nested
    class Failures {
        @Test
        void anIoExceptionIsTriedAgainAndADefectIsNot() {
            SourceDriver reloader = driver(backend.at("policy.yaml"), SyncSettings.DEFAULT.withRetries(3));
            backend.failure = new IOException("connection reset");
            assertThatThrownBy(() -> check(reloader)).isInstanceOf(ConnectionFailedException.class);
            assertThat(backend.calls.stream().filter("load"::equals)).hasSize(4);
            sim.advance(Duration.ofMinutes(1));
            backend.calls.clear();
            backend.failure = new IllegalStateException("a defect");
            assertThatThrownBy(() -> check(reloader)).isInstanceOf(UnexpectedFailureException.class);
            assertThat(backend.calls.stream().filter("load"::equals)).hasSize(1);
        }

        @Test
        void aMalformedDocumentIsNeverServed() {
            SourceDriver reloader = driver();
            check(reloader);
            backend.text = "[1, 2";
            backend.etag = "v2";
            check(reloader);
            assertThat(text(reloader)).contains("view");
            assertThat(reloader.load().errors()).isNotEmpty();
        }

        @Test
        void anErrorOfAnAsynchronousSourceIsTheOneItMeant() {
            AsyncDocumentSource broken = new AsyncDocumentSource() {
                @Override
                public CompletionStage<Optional<String>> etag() {
                    return CompletableFuture.completedFuture(Optional.empty());
                }

                @Override
                public CompletionStage<DocumentSource.Document> load() {
                    return CompletableFuture.failedFuture(new Exception("checked"));
                }
            };
            SourceDriver reloader = driver(broken.at("policy.yaml"), SyncSettings.DEFAULT.withRetries(0));
            assertThatThrownBy(() -> check(reloader))
                    .isInstanceOf(StorageException.class)
                    .hasRootCauseMessage("checked");
        }
    }
}

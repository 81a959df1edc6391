package io.authzengine.storage.source;

import static io.authzengine.storage.source.Documents.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.parser.ParserLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can only go wrong where threads really run beside each other. */
class SourceDriverThreadsTest {
    private static final long PATIENCE_SECONDS = 60;

    private final StorageContext context = StorageContext.create("threads");
    private final OneDocument source = new OneDocument();
    private final SourceDriver driver = new SourceDriver("test", "scripted", source, quickSettings(), context);

    private static SyncSettings quickSettings() {
        Duration tick = Duration.ofMillis(1);
        return new SyncSettings(
                Duration.ofMillis(3),
                true,
                Duration.ofSeconds(PATIENCE_SECONDS),
                Duration.ZERO,
                tick,
                2,
                tick,
                tick,
                tick,
                tick,
                3,
                10,
                ParserLimits.DEFAULT,
                io.authzengine.storage.driver.Staleness.NONE);
    }

    /** A backend of one document whose number counts up; it notes how many calls are made at once. */
    private static final class OneDocument implements PolicySource {
        final AtomicInteger number = new AtomicInteger();
        final AtomicInteger atOnce = new AtomicInteger();
        final AtomicInteger mostAtOnce = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        final CountDownLatch entered = new CountDownLatch(1);
        volatile String blockedIn = "";
        volatile boolean failing;

        private void call(String name) {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            try {
                if (name.equals(blockedIn)) {
                    entered.countDown();
                    new CountDownLatch(1).await();
                }
                if (failing && number.get() % 2 == 0) {
                    throw new ConnectionFailedException(Problem.in("test", "nobody answers"));
                }
            } catch (InterruptedException e) {
                throw new ConnectionFailedException(Problem.in("test", "interrupted"), e);
            } finally {
                atOnce.decrementAndGet();
            }
        }

        @Override
        public void open(SourceContext opened) {
            call("open");
        }

        @Override
        public Optional<Manifest> manifest(Revision last) {
            call("manifest");
            Revision now = new Revision("r" + number.get());
            SourceEntry entry = SourceEntry.of("a.yaml", now.token());
            return now.equals(last) ? Optional.empty() : Optional.of(Manifest.complete(now, List.of(entry)));
        }

        @Override
        public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
            call("read");
            wanted.forEach(
                    entry -> into.accept(entry, policy("album", entry.token()).getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @AfterEach
    void end() {
        driver.close();
        context.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "manifest", "read"})
    void closeInterruptsTheCallUnderWay(String call) throws Exception {
        source.blockedIn = call;
        CompletableFuture<Void> init = CompletableFuture.runAsync(driver::init);
        assertThat(source.entered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        driver.close();
        assertThatThrownBy(() -> init.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(UnexpectedFailureException.class)
                .hasMessageContaining("the driver was closed");
        assertThat(source.closed).hasPositiveValue();
        assertThat(source.atOnce).hasValue(0);
    }

    @Test
    void aCallerThatIsInterruptedGetsNoAnswerForOne() throws Exception {
        source.blockedIn = "open";
        Thread caller = new Thread(driver::init, "caller");
        List<Throwable> thrown = new ArrayList<>();
        caller.setUncaughtExceptionHandler((thread, failure) -> thrown.add(failure));
        caller.start();
        assertThat(source.entered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        caller.join(Duration.ofSeconds(PATIENCE_SECONDS).toMillis());
        assertThat(thrown)
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(UnexpectedFailureException.class)
                        .hasMessageContaining("interrupted while waiting"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverIsAskedAtOnceTheSourceIsCalledOnceAtATime(long seed) throws Exception {
        driver.init();
        source.failing = true;
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int caller = 0; caller < 6; caller++) {
            SplittableRandom random = new SplittableRandom(seed * 100 + caller);
            callers.add(CompletableFuture.runAsync(() -> ask(random)));
        }
        for (CompletableFuture<Void> caller : callers) {
            caller.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        source.failing = false;
        source.number.incrementAndGet();
        driver.checkNow(CheckMode.FORCE);
        assertThat(driver.getPolicy(Documents.id("album")).orElseThrow().raw().toString())
                .contains("r" + source.number.get());
        assertThat(driver.stop(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
        assertThat(source.mostAtOnce).as("seed %s", seed).hasValue(1);
    }

    private void ask(SplittableRandom random) {
        for (int i = 0; i < 300; i++) {
            try {
                switch (random.nextInt(6)) {
                    case 0 -> driver.checkNow(CheckMode.FORCE);
                    case 1 -> driver.stop(Duration.ZERO);
                    case 2 -> source.number.incrementAndGet();
                    case 3 -> driver.start(StartOptions.DEFAULT);
                    default -> driver.checkNow(CheckMode.IF_CHANGED);
                }
            } catch (StorageException e) {
                assertThat(e).isInstanceOf(ConnectionFailedException.class);
            }
        }
    }
}

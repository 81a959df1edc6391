package io.authzengine.storage.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.OnHardAge;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SourceEntry;
import io.authzengine.storage.testkit.InMemorySource;
import io.authzengine.storage.testkit.SamplePolicies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CompositeDriverTest {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final Layers layers = new Layers();

    @AfterEach
    void close() {
        layers.close();
    }

    @Nested
    class WhatIsToBeSeen {
        @Test
        void deletingAboveRevealsWhatIsBelowAsAModification() {
            layers.overrides.put("album.yaml", Layers.album("edit"));
            layers.base.put("album.yaml", Layers.album("view"));
            StorageDriver driver = layers.followed(MergeStrategy.FIRST_WINS);
            assertThat(Layers.action(driver, Layers.ALBUM)).isEqualTo("edit");
            layers.changes.clear();
            layers.overrides.remove("album.yaml");
            layers.simulation.advance(MOMENT);
            assertThat(Layers.action(driver, Layers.ALBUM)).isEqualTo("view");
            PolicyChangeEvent event = layers.changes.get(0).events().get(0);
            assertThat(event.type()).isEqualTo(PolicyChangeEvent.Type.MODIFIED);
            assertThat(event.previousPolicy()).isPresent();
            assertThat(layers.told()).containsExactly("MODIFIED " + Layers.ALBUM);
        }

        @Test
        void revealingTheSameTextIsAModificationToo() {
            layers.overrides.put("album.yaml", Layers.album("view"));
            layers.base.put("album.yaml", Layers.album("view"));
            layers.followed(MergeStrategy.FIRST_WINS);
            layers.told();
            layers.overrides.remove("album.yaml");
            layers.simulation.advance(MOMENT);
            assertThat(layers.told()).containsExactly("MODIFIED " + Layers.ALBUM);
        }

        @Test
        void aChangeOfWhatIsHiddenIsSilent() {
            layers.overrides.put("album.yaml", Layers.album("edit"));
            layers.base.put("album.yaml", Layers.album("view"));
            StorageDriver driver = layers.followed(MergeStrategy.FIRST_WINS);
            layers.told();
            long sequence = driver.load().sequence();
            layers.base.put("album.yaml", Layers.album("share"));
            layers.simulation.advance(MOMENT);
            layers.base.remove("album.yaml");
            layers.simulation.advance(MOMENT);
            assertThat(layers.told()).isEmpty();
            assertThat(driver.load().sequence()).isEqualTo(sequence);
        }

        @Test
        void theLastWinsWhereThatIsTheStrategy() {
            layers.overrides.put("album.yaml", Layers.album("edit"));
            layers.base.put("album.yaml", Layers.album("view"));
            assertThat(Layers.action(layers.followed(MergeStrategy.LAST_WINS), Layers.ALBUM))
                    .isEqualTo("view");
        }

        @Test
        void priorityComesBeforeTheOrderOfTheList() {
            layers.overrides.put("album.yaml", Layers.album("edit"));
            layers.team.put("album.yaml", Layers.album("share"));
            layers.base.put("album.yaml", Layers.album("view"));
            StorageDriver driver = layers.composite(
                    CompositeConfig.of(MergeStrategy.FIRST_WINS),
                    layers.overridesPart(),
                    layers.teamPart().withPriority(5),
                    layers.basePart().withPriority(5));
            driver.init();
            assertThat(Layers.action(driver, Layers.ALBUM)).isEqualTo("share");
        }

        @Test
        void aCompositeMayBePartOfAComposite() {
            layers.overrides.put("album.yaml", Layers.album("edit"));
            layers.team.put("album.yaml", Layers.album("share"));
            layers.base.put("album.yaml", Layers.album("view"));
            StorageDriver inner = layers.composite(
                    CompositeConfig.of(MergeStrategy.LAST_WINS).withId("inner"), layers.teamPart(), layers.basePart());
            StorageDriver driver = layers.composite(
                    CompositeConfig.of(MergeStrategy.FIRST_WINS), ChildDriver.of(inner), layers.overridesPart());
            driver.watch(layers);
            driver.init();
            assertThat(Layers.action(driver, Layers.ALBUM)).isEqualTo("view");
            layers.told();
            layers.base.remove("album.yaml");
            layers.simulation.advance(MOMENT);
            assertThat(Layers.action(driver, Layers.ALBUM)).isEqualTo("share");
            assertThat(layers.told()).containsExactly("MODIFIED " + Layers.ALBUM);
            assertThat(driver.healthCheck().children().keySet()).containsExactly("inner", "overrides");
            assertThat(driver.healthCheck().children().get("inner"))
                    .extracting(health -> health.children().size())
                    .isEqualTo(2);
        }

        @Test
        void rulesOfAllAreServedWhereTheyAreMerged() {
            layers.overrides.put("album.yaml", Layers.album("edit"));
            layers.base.put("album.yaml", Layers.album("view"));
            StorageDriver driver = layers.followed(MergeStrategy.MERGE_RULES);
            String raw = driver.getPolicy(Layers.ALBUM).orElseThrow().raw().toString();
            assertThat(raw).contains("\"edit\"").contains("\"view\"");
            String digest = driver.load().policies().digest();
            layers.told();
            layers.team.put("album.yaml", Layers.album("view"));
            layers.simulation.advance(MOMENT);
            assertThat(driver.load().policies().digest()).isEqualTo(digest);
            layers.base.remove("album.yaml");
            layers.team.remove("album.yaml");
            layers.simulation.advance(MOMENT);
            assertThat(driver.getPolicy(Layers.ALBUM).orElseThrow().mergedFrom())
                    .isEmpty();
        }

        @Test
        void contestedPoliciesStayAsTheyWereAndBothPlacesAreNamed() {
            layers.overrides.put("album.yaml", Layers.album("edit"));
            StorageDriver driver = layers.followed(MergeStrategy.REJECT);
            layers.told();
            layers.base.put("photo.yaml", SamplePolicies.resource("photo"));
            layers.base.put("second.yaml", Layers.album("view"));
            layers.simulation.advance(MOMENT);
            assertThat(layers.told()).containsExactly("ADDED " + SamplePolicies.resourceId("photo"));
            assertThat(Layers.action(driver, Layers.ALBUM)).isEqualTo("edit");
            assertThat(driver.load().errors())
                    .extracting(LoadError::source)
                    .containsExactlyInAnyOrder("album.yaml", "second.yaml");
            assertThat(driver.healthCheck().status()).isEqualTo(Status.DEGRADED);
            assertThat(driver.healthCheck().message()).contains("contradict");
            layers.overrides.remove("album.yaml");
            layers.simulation.advance(MOMENT);
            assertThat(driver.load().complete()).isTrue();
            assertThat(Layers.action(driver, Layers.ALBUM)).isEqualTo("view");
            assertThat(driver.healthCheck().status()).isEqualTo(Status.HEALTHY);
        }
    }

    @Nested
    class ChangeSets {
        @Test
        void ofOneCheckAreOne() {
            StorageDriver driver = layers.composite(MergeStrategy.FIRST_WINS);
            driver.init();
            driver.watch(layers);
            driver.stop(MOMENT);
            layers.overrides.put("album.yaml", Layers.album("edit"));
            layers.base.put("photo.yaml", SamplePolicies.resource("photo"));
            assertThat(driver.checkNow(CheckMode.IF_CHANGED)).isTrue();
            assertThat(layers.changes)
                    .singleElement()
                    .satisfies(change -> assertThat(change.events()).hasSize(2));
            assertThat(driver.checkNow(CheckMode.FORCE)).isFalse();
        }

        @Test
        void thatAreFoundWithinAMomentAreOne() {
            layers.followed(MergeStrategy.FIRST_WINS);
            layers.told();
            layers.overrides.put("album.yaml", Layers.album("edit"));
            layers.simulation.advance(Duration.ofMillis(20));
            layers.base.put("photo.yaml", SamplePolicies.resource("photo"));
            layers.simulation.advance(MOMENT);
            assertThat(layers.changes)
                    .singleElement()
                    .satisfies(change -> assertThat(change.events()).hasSize(2));
        }
    }

    @Nested
    class FailingDrivers {
        @Test
        void thatAreRequiredAndHaveNothingFailTheStart() {
            layers.base.goAway();
            StorageDriver driver = layers.composite(MergeStrategy.FIRST_WINS);
            assertThatThrownBy(driver::init)
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining(driver.id())
                    .hasMessageContaining("base");
            assertThat(driver.load().isLoaded()).isFalse();
            assertThat(driver.healthCheck().status()).isEqualTo(Status.UNHEALTHY);
            layers.base.comeBack();
            driver.init();
            assertThat(driver.load().isLoaded()).isTrue();
        }

        @Test
        void thatAreOptionalLeaveHealthDegradedUntilTheyCome() {
            layers.base.put("album.yaml", Layers.album("view"));
            layers.base.goAway();
            StorageDriver driver = layers.followed(MergeStrategy.FIRST_WINS, ChildDriver::optional);
            assertThat(driver.load().isLoaded()).isTrue();
            assertThat(driver.healthCheck().status()).isEqualTo(Status.DEGRADED);
            assertThat(driver.healthCheck().message()).startsWith("base: ");
            assertThat(layers.failures).isNotEmpty();
            layers.base.comeBack();
            layers.simulation.advance(Duration.ofMinutes(2));
            assertThat(Layers.action(driver, Layers.ALBUM)).isEqualTo("view");
            assertThat(driver.healthCheck().status()).isEqualTo(Status.HEALTHY);
        }

        @Test
        void keepWhatTheyHadWhileTheOthersGoOn() {
            layers.base.put("album.yaml", Layers.album("view"));
            StorageDriver driver = layers.followed(MergeStrategy.FIRST_WINS);
            layers.base.goAway();
            layers.overrides.put("photo.yaml", SamplePolicies.resource("photo"));
            assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE)).hasMessageContaining("what it had stays");
            assertThat(Layers.action(driver, Layers.ALBUM)).isEqualTo("view");
            assertThat(driver.getPolicy(SamplePolicies.resourceId("photo"))).isPresent();
            HealthStatus health = driver.healthCheck();
            assertThat(health.status()).isEqualTo(Status.DEGRADED);
            assertThat(health.details().connected()).isFalse();
            assertThat(health.children().keySet()).containsExactly("overrides", "team", "base");
            assertThat(health.children().values())
                    .extracting(HealthStatus::status)
                    .containsExactly(Status.HEALTHY, Status.HEALTHY, Status.DEGRADED);
        }

        @Test
        void areToldWithTheirCodeAndAllOfThem() {
            StorageDriver driver = layers.followed(MergeStrategy.FIRST_WINS);
            layers.base.failNext(
                    9,
                    id -> new AuthenticationFailedException(
                            Problem.in(id, "no").at("here").remedy("log in")));
            layers.team.goAway();
            assertThatThrownBy(() -> driver.checkNow(CheckMode.FORCE)).satisfies(failure -> {
                assertThat(failure).isInstanceOf(ConnectionFailedException.class);
                assertThat(failure.getSuppressed())
                        .singleElement()
                        .satisfies(other ->
                                assertThat(other.getMessage()).contains("SD-002", "here", "log in", driver.id()));
            });
        }

        @Test
        void ofEachCodeKeepIt() {
            Child child = new Child(layers.basePart(), (one, cause) -> {}, (one, failure) -> {});
            for (ErrorCode code : ErrorCode.values()) {
                assertThat(ChildFailures.of("c", child, Failures.of(code)).code())
                        .isEqualTo(code);
            }
            assertThat(ChildFailures.of("c", child, new IllegalStateException("odd"))
                            .code())
                    .isEqualTo(ErrorCode.UNEXPECTED);
        }

        @Test
        void cannotBeConfirmedByTheLooksOfOthers() {
            StorageDriver driver = layers.followed(MergeStrategy.FIRST_WINS);
            long before = driver.load().looks();
            layers.base.goAway();
            layers.overrides.hint();
            layers.team.hint();
            layers.simulation.advance(Duration.ofMinutes(5));
            assertThat(driver.load().looks()).isEqualTo(before);
            layers.base.comeBack();
            layers.simulation.advance(Duration.ofMinutes(5));
            assertThat(driver.load().looks()).isGreaterThan(before);
        }
    }

    @Nested
    class Ages {
        @Test
        void ofAnswersAreThatOfTheOldest() {
            layers.base.answersAged(Duration.ofMinutes(3));
            layers.overrides.answersAged(Duration.ofMinutes(2));
            StorageDriver driver = layers.followed(MergeStrategy.FIRST_WINS);
            assertThat(driver.answerAge()).isEqualTo(Duration.ofMinutes(3));
        }

        @Test
        void ofWhatAnEarlierProcessLeftGoOnForADriverThatDoesNotAnswer() {
            Staleness limits = new Staleness(Optional.empty(), Optional.of(Duration.ofHours(1)), OnHardAge.FAIL_CLOSED);
            ChildDriver base =
                    ChildDriver.of(layers.base.driver("base", Layers.SETTINGS.withStaleness(limits), layers.context));
            layers.base.goAway();
            StorageDriver driver = layers.composite(
                    CompositeConfig.of(MergeStrategy.FIRST_WINS), layers.overridesPart(), base.optional());
            driver.agedAlready(Duration.ofMinutes(50));
            driver.watch(layers);
            driver.init();
            assertThat(driver.freshness()).isEqualTo(Freshness.FRESH);

            layers.simulation.advance(Duration.ofMinutes(11));
            assertThat(driver.freshness()).isEqualTo(Freshness.FAILED_CLOSED);

            layers.base.comeBack();
            layers.simulation.advance(Duration.ofMinutes(2));
            assertThat(driver.freshness()).isEqualTo(Freshness.FRESH);
        }

        @Test
        void ofEachDriverAreToldThoughNobodyFollowsAndNoLongerThanWanted() {
            Staleness limits = new Staleness(
                    Optional.of(Duration.ofMinutes(10)), Optional.of(Duration.ofHours(1)), OnHardAge.FAIL_CLOSED);
            StorageDriver driver = layers.composite(
                    CompositeConfig.of(MergeStrategy.FIRST_WINS),
                    layers.overridesPart(),
                    ChildDriver.of(layers.base.driver("base", Layers.SETTINGS.withStaleness(limits), layers.context)));
            List<Freshness> told = new ArrayList<>();
            Subscription subscription = driver.onAged(() -> told.add(driver.freshness()));
            driver.init();
            layers.simulation.advance(Duration.ofHours(1));
            assertThat(told).containsExactly(Freshness.STALE, Freshness.FAILED_CLOSED);
            driver.checkNow(CheckMode.IF_CHANGED);
            assertThat(told).hasSize(2);
            subscription.close();
            layers.simulation.advance(Duration.ofHours(1));
            assertThat(driver.freshness()).isEqualTo(Freshness.FAILED_CLOSED);
            assertThat(told).hasSize(2);
        }
    }

    @Nested
    class OtherPromises {
        @Test
        void forcedStartsFailWithTheDriverThatMatters() {
            StorageDriver driver = layers.composite(MergeStrategy.FIRST_WINS);
            layers.team.goAway();
            assertThatThrownBy(() -> driver.start(StartOptions.DEFAULT.withForcedInitialLoad()))
                    .isInstanceOf(ConnectionFailedException.class);
            layers.team.comeBack();
            driver.start(StartOptions.DEFAULT.withForcedInitialLoad());
            assertThat(driver.load().isLoaded()).isTrue();
            assertThat(driver.stop(MOMENT)).isTrue();
        }

        @Test
        void twoDriversOfOneIdAreRefusedHoweverDeep() {
            StorageDriver inner = layers.composite(
                    CompositeConfig.of(MergeStrategy.FIRST_WINS).withId("inner"), layers.basePart());
            assertThatThrownBy(() -> layers.composite(
                            CompositeConfig.of(MergeStrategy.FIRST_WINS), layers.basePart(), ChildDriver.of(inner)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("base");
            assertThatThrownBy(() -> layers.composite(CompositeConfig.of(MergeStrategy.FIRST_WINS)))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void theIdIsMadeOfTheIdsOfTheDrivers() {
            assertThat(layers.composite(MergeStrategy.FIRST_WINS).id())
                    .matches("composite-[0-9a-f]{8}")
                    .isEqualTo(layers.composite(MergeStrategy.REJECT).id());
            assertThat(layers.composite(CompositeConfig.of(MergeStrategy.FIRST_WINS), layers.basePart())
                            .id())
                    .isNotEqualTo(layers.composite(MergeStrategy.FIRST_WINS).id());
        }

        @Test
        void settingsThatMakeNoSenseAreRefused() {
            CompositeConfig config = CompositeConfig.of(MergeStrategy.FIRST_WINS);
            assertThatThrownBy(() -> config.withGatherPeriod(Duration.ofMillis(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> layers.basePart().withLoadTimeout(Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ContentMerge.of(MergeStrategy.REJECT))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** In real time, as a driver that hangs needs a thread to hang in. */
    @Nested
    class ASlowDriver {
        private final CountDownLatch release = new CountDownLatch(1);
        private final StorageContext real = StorageContext.create("slow");
        private final InMemorySource quick = new InMemorySource();
        private final InMemorySource held = new InMemorySource().put("album.yaml", Layers.album("view"));

        @AfterEach
        void end() {
            release.countDown();
            real.close();
        }

        private StorageDriver composite(Duration loadTimeout) {
            StorageDriver slow = new SourceDriver("slow", "held", new HeldSource(held, release), Layers.SETTINGS, real);
            return new CompositeDriverProvider()
                    .create(
                            CompositeConfig.of(MergeStrategy.FIRST_WINS),
                            List.of(
                                    ChildDriver.of(slow).optional().withLoadTimeout(loadTimeout),
                                    ChildDriver.of(quick.driver("quick", Layers.SETTINGS, real))),
                            real);
        }

        @Test
        void isWaitedForAsLongAsItMayTakeAndItsPoliciesComeLater() {
            quick.put("photo.yaml", SamplePolicies.resource("photo"));
            try (StorageDriver driver = composite(Duration.ofMillis(50))) {
                driver.watch(layers);
                driver.init();
                assertThat(driver.load().policies().size()).isEqualTo(1);
                await(() -> layers.failures.stream().anyMatch(StorageTimeoutException.class::isInstance));
                release.countDown();
                await(() -> driver.load().policies().size() == 2);
            }
        }

        @Test
        void holdsUpNobodyElse() throws Exception {
            try (StorageDriver driver = composite(Duration.ofMinutes(1))) {
                driver.watch(layers);
                driver.start(StartOptions.DEFAULT);
                await(() -> driver.load().isLoaded());
                CompletableFuture<Boolean> check =
                        CompletableFuture.supplyAsync(() -> driver.checkNow(CheckMode.FORCE));
                quick.put("photo.yaml", SamplePolicies.resource("photo"));
                await(() -> driver.load().policies().size() == 1);
                assertThat(check).isNotDone();
                release.countDown();
                check.get(60, TimeUnit.SECONDS);
                assertThat(driver.load().policies().size()).isEqualTo(2);
            }
        }

        private void await(BooleanSupplier condition) {
            while (!condition.getAsBoolean()) {
                assertThat(Thread.interrupted()).as("waited in vain").isFalse();
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** Answers nothing before it is released. */
    private record HeldSource(InMemorySource source, CountDownLatch release) implements PolicySource {
        @Override
        public void open(SourceContext context) {
            source.open(context);
        }

        @Override
        public Optional<Manifest> manifest(Revision last) {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("closed before it was released", e);
            }
            return source.manifest(last);
        }

        @Override
        public Duration age() {
            return source.age();
        }

        @Override
        public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
            source.read(at, wanted, into);
        }

        @Override
        public void onHint(HintListener lookNow) {
            source.onHint(lookNow);
        }

        @Override
        public void close() {
            source.close();
        }
    }
}

package io.authzengine.storage.driver.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.HealthStatus;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The driver over a store whose every word can be chosen. */
class BlobDriverTest {
    private final FakeStore store = new FakeStore();
    private final StorageContext context = StorageContext.create("test");
    private final StorageDriver driver =
            new BlobDriverProvider().create(BlobConfig.of(store, "bucket").withId("blob"), context);

    @AfterEach
    void close() {
        driver.close();
        context.close();
    }

    private int put(int count) {
        IntStream.range(0, count).forEach(i -> store.put("policies/n" + i + ".yaml", SamplePolicies.resource("n" + i)));
        return count;
    }

    private int loaded() {
        return driver.load().policies().size();
    }

    private boolean look() {
        return driver.checkNow(CheckMode.IF_CHANGED);
    }

    private String text(String name) {
        return driver.load()
                .policies()
                .find(SamplePolicies.resourceId(name))
                .orElseThrow()
                .raw()
                .toString();
    }

    @Nested
    class Listings {
        @Test
        void ofManyPagesAreFollowedToTheirEnd() {
            put(10_000);
            driver.init();
            assertThat(loaded()).isEqualTo(10_000);
            assertThat(store.lists.get()).isEqualTo(10);
            assertThat(store.gets.get()).isEqualTo(10_000);
            assertThat(store.mostAtOnce.get()).isBetween(1, BlobConfig.DEFAULT_PARALLEL_READS);
        }

        @Test
        void thatAreTheSameReadNothing() {
            put(2500);
            driver.init();
            assertThat(look()).isFalse();
            assertThat(store.lists.get()).isEqualTo(6);
            assertThat(store.gets.get()).isEqualTo(2500);
        }

        @Test
        void readOnlyWhatIsAnother() {
            put(20);
            driver.init();
            store.put("policies/n3.yaml", SamplePolicies.resource("n3", "default", "edit"));
            assertThat(look()).isTrue();
            assertThat(store.gets.get()).isEqualTo(21);
            assertThat(text("n3")).contains("edit");
        }

        @Test
        void thatFailOnTheThirdPageTakeNothingAway() {
            put(5000);
            driver.init();
            store.remove("policies/n1.yaml");
            store.onList = (errors, page) -> {
                if (page == 3) {
                    throw errors.failed("", new IOException("reset"));
                }
            };
            assertThatThrownBy(BlobDriverTest.this::look).isInstanceOf(ConnectionFailedException.class);
            assertThat(loaded()).isEqualTo(5000);
            store.onList = (errors, page) -> {};
            driver.checkNow(CheckMode.FORCE);
            assertThat(loaded()).isEqualTo(4999);
        }

        @Test
        void thatNeverEndAreNoListings() {
            put(10);
            store.paging = page -> new BlobPage(List.of(), Optional.of("0"));
            assertThatThrownBy(driver::init)
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("does not end");
        }

        @Test
        void thatNameAnObjectTwiceAreNoListings() {
            put(1001);
            store.paging = page ->
                    new BlobPage(List.of(Blob.tagged("policies/a.yaml", "x", 1, Optional.empty())), page.next());
            assertThatThrownBy(driver::init).hasMessageContaining("twice");
        }

        @Test
        void thatLeaveThePrefixAreNoListings() {
            store.paging = page ->
                    new BlobPage(List.of(Blob.tagged("secrets/a.yaml", "x", 1, Optional.empty())), Optional.empty());
            assertThatThrownBy(driver::init).hasMessageContaining("prefix");
        }

        @Test
        void haveALimit() {
            put(20);
            BlobErrors errors = new BlobErrors("blob", "fake://bucket");
            assertThatThrownBy(() -> new Listing(store, errors, 19).all("policies/", key -> true))
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("19");
        }
    }

    @Nested
    class Races {
        @Test
        void betweenListingAndReadingStartTheLookAnew() {
            put(3);
            AtomicInteger reads = new AtomicInteger();
            store.onGet = (errors, key) -> {
                if (reads.incrementAndGet() == 1) {
                    store.put(key, SamplePolicies.resource(key.substring(9, 11), "default", "edit"));
                }
            };
            driver.init();
            assertThat(loaded()).isEqualTo(3);
            assertThat(store.lists.get()).isEqualTo(2);
            assertThat(driver.load().policies().stream()
                            .filter(p -> p.raw().toString().contains("edit")))
                    .hasSize(1);
        }

        @Test
        void withADeletionDeleteOnlyWhatTheNextListingLacks() {
            put(3);
            store.onGet = (errors, key) -> store.remove("policies/n1.yaml");
            driver.init();
            assertThat(loaded()).isEqualTo(2);
        }

        @Test
        void thatNeverEndLeaveWhatThereWas() {
            put(3);
            driver.init();
            store.put("policies/n1.yaml", SamplePolicies.resource("n1", "default", "edit"));
            store.onGet = (errors, key) -> store.put(key, SamplePolicies.resource("n1", "default", "edit"));
            assertThatThrownBy(BlobDriverTest.this::look).isInstanceOf(StorageException.class);
            assertThat(text("n1")).contains("view");
            assertThat(store.gets.get()).isGreaterThanOrEqualTo(3 + 4);
        }
    }

    @Nested
    class Failures {
        @Test
        void ofTheCredentialsFailTheStart() {
            put(2);
            store.onList = (errors, page) -> {
                throw FakeStore.refusal(errors, 403, "AccessDenied");
            };
            assertThatThrownBy(driver::init)
                    .isInstanceOf(AuthenticationFailedException.class)
                    .hasMessageContaining("403 (AccessDenied)")
                    .hasMessageContaining("fake://bucket");
        }

        @Test
        void ofAllReadingsAreThoseOfTheCredentials() {
            put(2);
            store.onGet = (errors, key) -> {
                throw FakeStore.refusal(errors, 403, "AccessDenied");
            };
            assertThatThrownBy(driver::init).isInstanceOf(AuthenticationFailedException.class);
        }

        @Test
        void ofOneReadingAreItsOwnAndTriedAgain() {
            put(3);
            store.onGet = (errors, key) -> {
                if (key.endsWith("n1.yaml")) {
                    throw FakeStore.refusal(errors, 403, "AccessDenied");
                }
            };
            driver.init();
            assertThat(loaded()).isEqualTo(2);
            assertThat(driver.load().complete()).isFalse();
            store.onGet = (errors, key) -> {};
            look();
            assertThat(loaded()).isEqualTo(3);
        }

        @Test
        void inMidRunTakeNothingAwayAndHealByThemselves() {
            put(5);
            driver.init();
            store.onList = (errors, page) -> {
                throw FakeStore.refusal(errors, 401, "ExpiredToken");
            };
            assertThatThrownBy(BlobDriverTest.this::look).isInstanceOf(AuthenticationFailedException.class);
            assertThat(loaded()).isEqualTo(5);
            assertThat(driver.healthCheck().status()).isEqualTo(HealthStatus.Status.UNHEALTHY);
            store.onList = (errors, page) -> {};
            driver.checkNow(CheckMode.FORCE);
            assertThat(driver.healthCheck().status()).isEqualTo(HealthStatus.Status.HEALTHY);
        }

        @Test
        void tellHowLongTheStoreAsksToBeLeftAlone() {
            store.onList = (errors, page) -> {
                throw FakeStore.busy(errors, Duration.ofMillis(1));
            };
            assertThatThrownBy(driver::init)
                    .isInstanceOfSatisfying(
                            ConnectionFailedException.class,
                            busy -> assertThat(busy.retryAfter()).contains(Duration.ofMillis(1)));
        }

        @Test
        void ofABucketThatIsGoneAreNeverAnEmptySet() {
            put(5);
            driver.init();
            store.onList = (errors, page) -> {
                throw FakeStore.refusal(errors, 404, "NoSuchBucket");
            };
            assertThatThrownBy(BlobDriverTest.this::look).isInstanceOf(NotFoundException.class);
            assertThat(loaded()).isEqualTo(5);
        }

        @Test
        void ofAReadingInTheMiddleLeaveAllAsItWas() {
            put(50);
            AtomicInteger reads = new AtomicInteger();
            store.onGet = (errors, key) -> {
                if (reads.incrementAndGet() > 20) {
                    throw errors.failed(key, new IOException("reset"));
                }
            };
            assertThatThrownBy(driver::init).isInstanceOf(ConnectionFailedException.class);
            assertThat(loaded()).isZero();
        }
    }

    @Nested
    class Objects {
        @Test
        void ofOddNamesAreDocumentsLikeAnyOther() {
            for (String name : List.of("a b+c%20d.yaml", "ü/ß.yml", "x//y.json.yaml", "UPPER.YAML", "q?&=#.yaml")) {
                store.put("policies/" + name, SamplePolicies.resource("r" + Integer.toHexString(name.hashCode())));
            }
            driver.init();
            assertThat(loaded()).isEqualTo(5);
            assertThat(driver.load().complete()).isTrue();
        }

        @Test
        void thatDifferInCaseAreTwo() {
            store.put("policies/album.yaml", SamplePolicies.resource("album"));
            store.put("policies/Album.yaml", SamplePolicies.resource("book"));
            driver.init();
            assertThat(loaded()).isEqualTo(2);
        }

        @Test
        void whoseNamesWouldLeadElsewhereOrCannotBeToldAreNotRead() {
            store.put(
                    "policies/../policies/a.yaml",
                    SamplePolicies.resource("a")); // Hidden, as all that begins with a dot.
            store.put("policies/b\n.yaml", SamplePolicies.resource("b"));
            store.put("policies/c.yaml", SamplePolicies.resource("c"));
            driver.init();
            assertThat(loaded()).isEqualTo(1);
            assertThat(store.gets.get()).isEqualTo(1);
            assertThat(driver.load().errors())
                    .extracting(LoadError::source)
                    .containsExactly("fake://bucket/policies/b\\u000a.yaml");
        }

        @Test
        void thatStandForDirectoriesOrAreOfAnotherKindAreNotRead() {
            store.put("policies/", "");
            store.put("policies/sub/", "");
            store.put("policies/README.md", "text");
            store.put("policies/.hidden.yaml", "text");
            store.put("policies-old/a.yaml", SamplePolicies.resource("old"));
            store.put("policies/a_test.yaml", "text");
            put(1);
            driver.init();
            assertThat(store.gets.get()).isEqualTo(1);
        }

        @Test
        void thatArePackedAreUnpacked() {
            store.putPacked("policies/a.yaml", SamplePolicies.resource("a"));
            store.store(
                    "policies/b.yaml",
                    SamplePolicies.resource("b").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    "gzip");
            store.store("policies/c.yaml", FakeStore.gzip(SamplePolicies.resource("c")), "br");
            driver.init();
            assertThat(loaded()).isEqualTo(2);
            assertThat(driver.load().errors()).singleElement().satisfies(error -> {
                assertThat(error.source()).endsWith("c.yaml");
                assertThat(error.toString()).contains("Content-Encoding");
            });
        }

        @Test
        void thatAreTooLargeAreRefusedUnread() {
            store.put("policies/large.yaml", new byte[(1 << 20) + 1]);
            store.putPacked("policies/bomb.yaml", "#".repeat(1 << 22));
            put(1);
            driver.init();
            assertThat(loaded()).isEqualTo(1);
            assertThat(driver.load().errors()).hasSize(2);
            assertThat(store.gets.get()).isEqualTo(2);
        }

        @Test
        void thatAreEmptyTakeNothingFromOthers() {
            put(1);
            store.put("policies/empty.yaml", "");
            driver.init();
            assertThat(loaded()).isEqualTo(1);
        }
    }

    @Test
    void tellsWhereAPolicyCameFrom() {
        put(1);
        driver.init();
        PolicyId id = SamplePolicies.resourceId("n0");
        assertThat(driver.load()
                        .policies()
                        .find(id)
                        .orElseThrow()
                        .metadata()
                        .provenance()
                        .location())
                .isEqualTo("fake://bucket/policies/n0.yaml");
    }
}

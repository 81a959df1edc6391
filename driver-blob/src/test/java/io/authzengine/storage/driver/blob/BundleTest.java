package io.authzengine.storage.driver.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.PolicyWriter.Mode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.testkit.SamplePolicies;
import io.authzengine.storage.trust.Statement;
import io.authzengine.storage.trust.TrustedKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle over a store whose every word can be chosen. */
class BundleTest {
    private static final String KEY = "policies/policies.tar.gz";

    private final FakeStore store = new FakeStore();
    private final StorageContext context = StorageContext.create("test");
    private final BlobConfig config =
            BlobConfig.of(store, "bucket").withId("blob").withBundle(BlobConfig.Bundled.at(KEY));
    private StorageDriver driver = new BlobDriverProvider().create(config, context);

    @AfterEach
    void close() {
        driver.close();
        context.close();
    }

    private static byte[] bundle(String... names) {
        TreeMap<String, byte[]> documents = new TreeMap<>();
        for (String name : names) {
            documents.put(name + ".yaml", SamplePolicies.resource(name).getBytes(StandardCharsets.UTF_8));
        }
        return Bundle.write(documents);
    }

    private Collection<Policy> loaded() {
        return driver.load().policies().stream().toList();
    }

    private boolean look() {
        return driver.checkNow(CheckMode.IF_CHANGED);
    }

    private boolean force() {
        return driver.checkNow(CheckMode.FORCE);
    }

    @Nested
    class Reading {
        @Test
        void takesTheWholeSetAndSaysWhereInIt() {
            store.put(KEY, bundle("album", "book"));
            driver.init();
            assertThat(loaded())
                    .extracting(policy -> policy.metadata().provenance().location())
                    .containsExactlyInAnyOrder(
                            "fake://bucket/" + KEY + "!/album.yaml", "fake://bucket/" + KEY + "!/book.yaml");
        }

        @Test
        void asksOnlyOnceWhileItIsTheSame() {
            store.put(KEY, bundle("album"));
            driver.init();
            assertThat(look()).isFalse();
            assertThat(store.gets.get()).isEqualTo(1);
            store.put(KEY, bundle("album", "book"));
            assertThat(look()).isTrue();
            assertThat(loaded()).hasSize(2);
        }

        @Test
        void unpacksWhatTheTransferPackedOnceMore() {
            store.store(KEY, bundle("album"), "gzip");
            driver.init();
            assertThat(loaded()).hasSize(1);
        }

        @Test
        void ofADamagedOneKeepsTheLast() {
            store.put(KEY, bundle("album", "book"));
            driver.init();
            byte[] cut = bundle("album", "book", "car");
            store.put(KEY, java.util.Arrays.copyOf(cut, cut.length - 9));
            assertThatThrownBy(BundleTest.this::look).isInstanceOf(ValidationException.class);
            store.put(KEY, "<html>no bundle</html>");
            assertThatThrownBy(BundleTest.this::force).hasMessageContaining("neither");
            assertThat(loaded()).hasSize(2);
        }

        @Test
        void ofAMissingOneIsNoEmptySet() {
            assertThatThrownBy(driver::init)
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining(KEY);
        }

        @Test
        void refusesWhatIsTooLargeUnread() {
            BlobConfig small = config.withBundle(new BlobConfig.Bundled(KEY, 10, Optional.empty()));
            driver.close();
            driver = new BlobDriverProvider().create(small, context);
            store.put(KEY, bundle("album"));
            assertThatThrownBy(driver::init).isInstanceOf(ValidationException.class);
            assertThat(store.gets.get()).isZero();
        }

        @Test
        void followsAnObjectThatMovesAndGivesUpOnOneThatNeverRests() {
            store.put(KEY, bundle("album"));
            AtomicInteger reads = new AtomicInteger();
            store.onGet = (errors, key) -> {
                if (reads.incrementAndGet() == 1) {
                    store.put(KEY, bundle("album", "book"));
                }
            };
            driver.init();
            assertThat(loaded()).hasSize(2);
            store.put(KEY, bundle("car"));
            store.onGet = (errors, key) -> store.put(KEY, bundle("car"));
            assertThatThrownBy(BundleTest.this::look)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("faster");
        }
    }

    @Nested
    class Signed {
        @TempDir
        Path state;

        private KeyPair keys;

        Signed() throws GeneralSecurityException {
            keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        }

        @BeforeEach
        void requireSignature() {
            String key = Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
            BlobConfig.Signed signed = new BlobConfig.Signed(TrustedKeys.of(Map.of("release", key)), state);
            driver.close();
            driver = new BlobDriverProvider()
                    .create(config.withBundle(new BlobConfig.Bundled(KEY, 1 << 20, Optional.of(signed))), context);
        }

        private void publish(int number, byte[] bundle) throws GeneralSecurityException {
            Statement said = new Statement(
                    "release", "policies.tar.gz", Sha256.hex(bundle), number, Instant.parse("2999-01-01T00:00:00Z"));
            store.put(KEY, bundle);
            store.put(KEY + ".sig", said.sign(keys.getPrivate()));
        }

        @Test
        void isServedAndNeverGoesBack() throws GeneralSecurityException {
            publish(2, bundle("album", "book"));
            driver.init();
            assertThat(look()).isFalse();
            publish(1, bundle("album"));
            assertThatThrownBy(BundleTest.this::look)
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("older");
            assertThat(loaded()).hasSize(2);
        }

        @Test
        void isRefusedWithoutItsSignatureOrWithThatOfAnother() throws GeneralSecurityException {
            store.put(KEY, bundle("album"));
            assertThatThrownBy(driver::init)
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining(".sig");
            publish(1, bundle("album"));
            store.put(KEY, bundle("book"));
            assertThatThrownBy(BundleTest.this::force).isInstanceOf(ValidationException.class);
        }
    }

    @Nested
    class Writing {
        private final PolicyWriter writer = new BlobDriverProvider().openWriter(config, context);

        private Collection<Policy> policies(String... names) {
            FakeStore other = new FakeStore();
            for (String name : names) {
                other.put("policies/" + name + ".yaml", SamplePolicies.resource(name));
            }
            try (StorageDriver source = new BlobDriverProvider().create(BlobConfig.of(other, "other"), context)) {
                source.init();
                return source.getAllPolicies();
            }
        }

        private List<String> names() {
            return Stream.of(loaded().toArray(Policy[]::new))
                    .map(policy -> policy.metadata().name())
                    .sorted()
                    .toList();
        }

        @Test
        void makesTheBundleAndExchangesIt() {
            assertThat(writer.preview(policies("album", "book"), Mode.REPLACE))
                    .isEqualTo(new PolicyWriter.Outcome(2, 0, 0, 0));
            assertThat(writer.publish(policies("album", "book"), Mode.REPLACE).added())
                    .isEqualTo(2);
            driver.init();
            assertThat(names()).containsExactly("album", "book");
            assertThat(writer.publish(policies("book", "car"), Mode.REPLACE))
                    .isEqualTo(new PolicyWriter.Outcome(1, 0, 1, 1));
            look();
            assertThat(names()).containsExactly("book", "car");
        }

        @Test
        void leavesOthersWhereTheyAreWhenItMerges() {
            String both =
                    SamplePolicies.resource("album", "default", "edit") + "---\n" + SamplePolicies.resource("zoo");
            store.put(KEY, Bundle.write(new TreeMap<>(Map.of("both.yaml", both.getBytes(StandardCharsets.UTF_8)))));
            assertThat(writer.publish(policies("album", "book"), Mode.MERGE))
                    .isEqualTo(new PolicyWriter.Outcome(1, 1, 0, 0));
            driver.init();
            assertThat(driver.load().errors()).isEmpty();
            assertThat(names()).containsExactly("album", "book", "zoo");
        }

        /** Its form tells a document's ending. */
        @Test
        void leavesNothingBesideADocumentOfAnotherForm() {
            String json = "{\"apiVersion\": \"api.cerbos.dev/v1\", \"resourcePolicy\": {\"resource\": \"album\","
                    + " \"version\": \"default\", \"rules\": []}}";
            store.put(KEY, Bundle.write(new TreeMap<>(Map.of("album.json", json.getBytes(StandardCharsets.UTF_8)))));
            assertThat(writer.publish(policies("album"), Mode.MERGE)).isEqualTo(new PolicyWriter.Outcome(0, 1, 0, 0));
            driver.init();
            assertThat(driver.load().errors()).isEmpty();
            assertThat(driver.getAllPolicies())
                    .singleElement()
                    .extracting(policy -> policy.raw().toString())
                    .isEqualTo(SamplePolicies.resource("album"));
        }

        @Test
        void thatChangesNothingWritesNothing() {
            writer.publish(policies("album"), Mode.REPLACE);
            byte[] before = store.bytes(KEY);
            assertThat(writer.publish(policies("album"), Mode.MERGE).isChange()).isFalse();
            assertThat(store.bytes(KEY)).isSameAs(before);
        }

        @Test
        void thatSomebodyOvertakesIsMadeAnewOnWhatTheyWrote() {
            writer.publish(policies("album"), Mode.REPLACE);
            AtomicInteger puts = new AtomicInteger();
            store.onPut = key -> {
                if (puts.incrementAndGet() == 1) {
                    store.put(KEY, bundle("zoo"));
                }
            };
            writer.publish(policies("book"), Mode.MERGE);
            driver.init();
            assertThat(names()).containsExactly("book", "zoo");
        }

        @Test
        void whoseAnswerWasLostSaysWhatItDidAllTheSame() {
            writer.publish(policies("album"), Mode.REPLACE);
            byte[] next = bundle("book");
            store.onPut = key -> store.put(KEY, next); // It arrives; what follows is the client's repetition.
            assertThat(writer.publish(policies("book"), Mode.REPLACE)).isEqualTo(new PolicyWriter.Outcome(1, 0, 1, 0));
        }

        @Test
        void isNotForManyObjectsNorForASignedBundle() {
            BlobDriverProvider provider = new BlobDriverProvider();
            BlobConfig objects = BlobConfig.of(store, "bucket");
            assertThatThrownBy(() -> provider.openWriter(objects, context))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bundle");
        }

        @AfterEach
        void closeWriter() {
            writer.close();
        }
    }
}

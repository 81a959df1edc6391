package io.authzengine.storage.driver.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.testkit.SamplePolicies;
import io.authzengine.storage.trust.Statement;
import io.authzengine.storage.trust.TrustedKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedDocumentTest {
    private static final String PATH = "/policy.yaml";
    private static final KeyPair KEYS = generate();
    private static final Instant LATER = Instant.parse("2999-01-01T00:00:00Z");

    private final Path state;
    private final DocumentServer server = DocumentServer.start();
    private Driven driven;

    SignedDocumentTest(@TempDir Path directory) {
        state = directory.resolve("state");
        driven = start();
    }

    private static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private Driven start() {
        return Driven.at(server.url(PATH), config -> config.withSignature(signed()));
    }

    private HttpConfig.Signed signed() {
        String key = Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded());
        return new HttpConfig.Signed(TrustedKeys.of(Map.of("k1", key)), state, Optional.empty());
    }

    @AfterEach
    void close() {
        driven.close();
        server.close();
    }

    private void publish(String action, long number, Instant expires) throws GeneralSecurityException {
        server.serve(PATH, Driven.album(action));
        sign(action, number, expires);
    }

    private void sign(String action, long number, Instant expires) throws GeneralSecurityException {
        String digest = Sha256.hex(Driven.album(action).getBytes(StandardCharsets.UTF_8));
        Statement statement = new Statement("k1", "policy.yaml", digest, number, expires);
        server.serve(PATH + ".sig", statement.sign(KEYS.getPrivate()));
    }

    @Test
    void isServed() throws Exception {
        publish("view", 1, LATER);
        assertThat(driven.check()).isTrue();
        assertThat(driven.check()).isFalse();
        publish("edit", 2, LATER);
        assertThat(driven.check()).isTrue();
        assertThat(driven.text()).contains("edit");
    }

    /** What is signed is the whole, so a part of it proves nothing. */
    @Test
    void isNeverFetchedInParts() throws Exception {
        byte[] bundle = Bundle.write(
                new TreeMap<>(Map.of("album.yaml", Driven.album("view").getBytes(UTF_8))));
        server.serve(PATH, bundle);
        Statement statement = new Statement("k1", "policy.yaml", Sha256.hex(bundle), 1, LATER);
        server.serve(PATH + ".sig", statement.sign(KEYS.getPrivate()));
        driven.check();
        driven.check();
        assertThat(server.asked())
                .isNotEmpty()
                .allSatisfy(asked -> assertThat(asked.header("A-IM")).isEmpty());
    }

    @Test
    void withoutASignatureIsNot() {
        server.serve(PATH, Driven.album("view"));
        assertThatThrownBy(driven::force).isInstanceOf(NotFoundException.class).hasMessageContaining(PATH + ".sig");
    }

    @Test
    void thatWasTamperedWithIsNot() throws Exception {
        publish("view", 1, LATER);
        driven.check();
        server.serve(PATH, Driven.album("own"));
        assertThatThrownBy(driven::check)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("of another document");
        assertThat(driven.text()).contains("view");
    }

    @Test
    void thatIsOlderIsRefusedAlsoAfterARestart() throws Exception {
        publish("edit", 2, LATER);
        driven.check();
        publish("view", 1, LATER);
        assertThatThrownBy(driven::force)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("older than what was accepted before: number 1 after 2");
        assertThat(driven.text()).contains("edit");
        driven.close();
        driven = start();
        assertThatThrownBy(driven.driver::init).hasMessageContaining("number 1 after 2");
        assertThat(driven.driver.load().isLoaded()).isFalse();
        publish("edit", 2, LATER);
        assertThat(driven.force()).isTrue();
    }

    @Test
    void thatExpiresWhileItIsServedStaysServedAndIsReported() throws Exception {
        publish("view", 1, LATER);
        driven.check();
        sign("view", 2, Instant.parse("2020-01-01T00:00:00Z"));
        assertThatThrownBy(driven::check)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("expired at 2020-01-01T00:00:00Z");
        assertThat(driven.text()).contains("view");
        sign("view", 3, LATER);
        assertThat(driven.force()).isFalse();
        assertThat(driven.status().lastError()).isEmpty();
    }

    private void publish(String path, String text, long number) throws GeneralSecurityException {
        server.serve(path, text);
        server.serve(path + ".sig", statement(path.substring(path.lastIndexOf('/') + 1), text, number));
    }

    private static byte[] statement(String name, String text, long number) throws GeneralSecurityException {
        return new Statement("k1", name, Sha256.hex(text.getBytes(UTF_8)), number, LATER).sign(KEYS.getPrivate());
    }

    /** One name would let what was signed for one URL pass at the other, and the number of one make the other's too old. */
    @Test
    void cannotBeToldFromOneOfTheSameNameInAnotherDirectorySoThatIsRefused() {
        HttpConfig config = Driven.config(server.url("/a/p.yaml"), server.url("/b/p.yaml"));
        assertThatThrownBy(() -> config.withSignature(signed()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("urls:")
                .hasMessageContaining("same last part of the path");
    }

    @Test
    void hasANumberOfItsOwnBesideOthers() throws Exception {
        publish("/a/p.yaml", Driven.album("view"), 10);
        publish("/b/q.yaml", SamplePolicies.resource("book"), 11);
        HttpConfig config = Driven.config(server.url("/a/p.yaml"), server.url("/b/q.yaml"));
        try (Driven both = new Driven(config.withSignature(signed()))) {
            both.driver.init();
            assertThat(both.size()).isEqualTo(2);
            assertThat(both.force()).isFalse();

            // What was signed for the one is nothing at the other.
            server.serve("/b/q.yaml", Driven.album("view"));
            server.serve("/b/q.yaml.sig", statement("p.yaml", Driven.album("view"), 12));
            assertThatThrownBy(both::force).hasMessageContaining("another name").hasMessageContaining("/b/q.yaml.sig");
        }
    }

    @Test
    void isNotServedWhereItsNumberCannotBeKept() throws Exception {
        publish("view", 1, LATER);
        driven.check();
        try (Stream<Path> files = Files.list(state)) {
            Files.writeString(files.findFirst().orElseThrow(), "damaged");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThatThrownBy(driven::force)
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("signature.stateDir");
    }
}

package io.authzengine.storage.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.policy.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureCheckTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final KeyPair KEYS = generate("Ed25519");
    private static final String OLD = digest("old");
    private static final String NEW = digest("new");

    private final Path file;
    private SignatureCheck check;

    SignatureCheckTest(@TempDir Path directory) {
        file = directory.resolve("state/accepted");
        check = restarted();
    }

    private static KeyPair generate(String kind) {
        try {
            return KeyPairGenerator.getInstance(kind).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digest(String document) {
        return Sha256.hex(document.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(KeyPair keys) {
        return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    }

    private SignatureCheck restarted() {
        return new SignatureCheck(TrustedKeys.of(Map.of("k1", encoded(KEYS))), "policies", file);
    }

    private static Statement statement(String digest, long number) {
        return new Statement("k1", "policies", digest, number, NOW.plus(Duration.ofDays(1)));
    }

    private static byte[] signed(String digest, long number) throws GeneralSecurityException {
        return statement(digest, number).sign(KEYS.getPrivate());
    }

    private void refuses(String digest, byte[] statement, String reason) {
        assertThatThrownBy(() -> check.accept(digest, statement, NOW))
                .isInstanceOf(UntrustedException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void whatIsSignedIsAcceptedAndStaysSo() throws Exception {
        assertThat(check.accept(OLD, signed(OLD, 1), NOW)).isEqualTo(statement(OLD, 1));
        assertThat(check.accept(OLD, signed(OLD, 1), NOW).number()).isEqualTo(1);
        assertThat(check.accept(NEW, signed(NEW, 7), NOW).number()).isEqualTo(7);
    }

    @Test
    void anOlderDocumentIsRefusedHoweverWellItIsSignedAlsoAfterARestart() throws Exception {
        check.accept(OLD, signed(OLD, 1), NOW);
        check.accept(NEW, signed(NEW, 2), NOW);
        refuses(OLD, signed(OLD, 1), "older than what was accepted before: number 1 after 2");
        check = restarted();
        refuses(OLD, signed(OLD, 1), "older");
        assertThat(check.accept(NEW, signed(NEW, 2), NOW).number()).isEqualTo(2);
    }

    @Test
    void anOlderContentSignedAnewIsANewOne() throws Exception {
        check.accept(NEW, signed(NEW, 2), NOW);
        assertThat(check.accept(OLD, signed(OLD, 3), NOW).number()).isEqualTo(3);
    }

    @Test
    void twoDocumentsWithOneNumberAreNotBothAccepted() throws Exception {
        check.accept(OLD, signed(OLD, 2), NOW);
        refuses(NEW, signed(NEW, 2), "same number 2");
    }

    @Test
    void anExpiredSignatureIsRefusedAlsoForWhatIsServed() throws Exception {
        byte[] statement = signed(OLD, 1);
        check.accept(OLD, statement, NOW);
        assertThatThrownBy(() -> check.accept(OLD, statement, NOW.plus(Duration.ofDays(1))))
                .isInstanceOf(UntrustedException.class)
                .hasMessageContaining("expired at 2026-06-02T12:00:00Z");
    }

    @Test
    void whatIsRefusedForItsSignatureLeavesNoMark() throws Exception {
        refuses(OLD, signed(NEW, 9), "another document");
        assertThat(file).doesNotExist();
        check.accept(OLD, signed(OLD, 1), NOW);
    }

    @Test
    void onlyTheKeyThatIsNamedCounts() throws Exception {
        KeyPair stranger = generate("Ed25519");
        refuses(OLD, statement(OLD, 1).sign(stranger.getPrivate()), "not one of the key 'k1'");
        Statement other = new Statement("k2", "policies", OLD, 1, NOW.plusSeconds(60));
        refuses(OLD, other.sign(KEYS.getPrivate()), "a key that is not trusted");
        check = new SignatureCheck(
                TrustedKeys.of(Map.of("k1", encoded(stranger), "k2", encoded(KEYS))), "policies", file);
        refuses(OLD, signed(OLD, 1), "not one of the key 'k1'");
    }

    @Test
    void aSignedDocumentCannotStandInForAnother() throws Exception {
        Statement other = new Statement("k1", "other", OLD, 1, NOW.plusSeconds(60));
        refuses(OLD, other.sign(KEYS.getPrivate()), "another name");
    }

    @Test
    void everyFlippedBitOfAStatementRefusesIt() throws Exception {
        byte[] whole = signed(OLD, 12);
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> check.accept(OLD, flipped, NOW))
                        .as("bit %d of byte %d", bit, at)
                        .isInstanceOf(UntrustedException.class);
            }
        }
        for (int length = 0; length < whole.length; length++) {
            refuses(OLD, Arrays.copyOf(whole, length), "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "accepted 1 x y\n", "accepted 2 1 00\n", "accepted 1 0 00\n"})
    void aDamagedMarkAcceptsNothing(String text) throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThatThrownBy(() -> check.accept(OLD, signed(OLD, 1), NOW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void whatCannotBeRememberedIsNotAccepted() throws Exception {
        Files.writeString(file.getParent(), "a file where the directory should be");
        assertThatThrownBy(() -> check.accept(OLD, signed(OLD, 1), NOW)).isInstanceOf(IOException.class);
    }

    @Test
    void aLeftOverOfAWriteThatWasCutShortIsNeverRead() throws Exception {
        check.accept(OLD, signed(OLD, 1), NOW);
        Files.writeString(file.resolveSibling("accepted.next"), "accepted 1 99");
        check = restarted();
        assertThat(check.accept(NEW, signed(NEW, 2), NOW).number()).isEqualTo(2);
    }

    @Test
    void keysAreReadAsPemBase64AndRaw() throws Exception {
        byte[] der = KEYS.getPublic().getEncoded();
        String raw = Base64.getEncoder().encodeToString(Arrays.copyOfRange(der, der.length - 32, der.length));
        String pem = "-----BEGIN PUBLIC KEY-----\n" + encoded(KEYS) + "\n-----END PUBLIC KEY-----\n";
        for (String key : new String[] {raw, pem}) {
            SignatureCheck other =
                    new SignatureCheck(TrustedKeys.of(Map.of("k1", key)), "policies", file.resolveSibling("other"));
            assertThat(other.accept(OLD, signed(OLD, 1), NOW).number()).isEqualTo(1);
        }
    }

    @Test
    void keysOfAnotherKindAreRefused() {
        String rsa = encoded(generate("RSA"));
        for (String key : new String[] {rsa, "AAAA", "not base64"}) {
            assertThatThrownBy(() -> TrustedKeys.of(Map.of("k1", key)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'k1'");
        }
        assertThatThrownBy(() -> TrustedKeys.of(Map.of())).isInstanceOf(IllegalArgumentException.class);
    }
}

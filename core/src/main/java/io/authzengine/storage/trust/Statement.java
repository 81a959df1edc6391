package io.authzengine.storage.trust;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * What a publisher says of a document, as a small text beside it. Lines end in {@code \n} and stand in exactly this order; what is signed are
 * the bytes of all lines before the last:
 *
 * <pre>{@code
 * authz-storage-signature: 1
 * key: release-2026
 * name: policies.tar.gz
 * digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 * number: 42
 * expires: 2026-12-01T00:00:00Z
 * signature: BASE64 of the Ed25519 signature
 * }</pre>
 *
 * @param key id of the key it is signed with
 * @param name what the document is called, so that one signed document cannot stand in for another
 * @param digest SHA-256 of the document, in hexadecimal
 * @param number greater for each newer document of this name; at least 1
 * @param expires from when on it must not be taken for new any more
 */
public record Statement(String key, String name, String digest, long number, Instant expires) {
    /** How long a statement can be; what is longer is none. */
    public static final int MAX_BYTES = 4096;

    private static final String FORMAT = "1";
    private static final List<String> FIELDS =
            List.of("authz-storage-signature", "key", "name", "digest", "number", "expires");
    private static final String SIGNATURE = "signature";
    private static final String SHA256 = "sha256:";

    public Statement {
        requireLine("key", key);
        requireLine("name", name);
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("digest is SHA-256 in hexadecimal, in lower case");
        }
        if (number < 1) {
            throw new IllegalArgumentException("numbers count from 1, got " + number);
        }
        Objects.requireNonNull(expires, "expires");
    }

    private static void requireLine(String field, String value) {
        if (value.isBlank() || value.chars().anyMatch(c -> c < ' ') || !value.equals(value.strip())) {
            throw new IllegalArgumentException(field + " is one line of text");
        }
    }

    /** A statement and the signature under it, whose worth is not known yet. */
    static final class Signed {
        private final Statement statement;
        private final byte[] signature;

        private Signed(Statement statement, byte[] signature) {
            this.statement = statement;
            this.signature = signature;
        }

        Statement statement() {
            return statement;
        }

        boolean isBy(PublicKey key) {
            try {
                Signature check = Signature.getInstance("Ed25519");
                check.initVerify(key);
                check.update(statement.signedPart());
                return check.verify(signature);
            } catch (GeneralSecurityException e) {
                return false; // Such as a signature of the wrong length.
            }
        }
    }

    /**
     * Reads a statement, strictly: there is one way to write it.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Signed parse(byte[] bytes) {
        String[] lines = decoded(bytes).split("\n", -1);
        if (lines.length != FIELDS.size() + 2 || !lines[lines.length - 1].isEmpty()) {
            throw new IllegalArgumentException("it has not the " + (FIELDS.size() + 1) + " lines of a signature");
        }
        String[] values = new String[FIELDS.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(lines[i], FIELDS.get(i));
        }
        String encoded = value(lines[FIELDS.size()], SIGNATURE);
        byte[] signature = Base64.getDecoder().decode(encoded);
        if (!Base64.getEncoder().encodeToString(signature).equals(encoded)) {
            throw new IllegalArgumentException("its signature is not written as it should be");
        }
        if (!values[0].equals(FORMAT) || !values[3].startsWith(SHA256)) {
            throw new IllegalArgumentException("it is of format " + values[0] + ", expected " + FORMAT);
        }
        try {
            String digest = values[3].substring(SHA256.length());
            Statement statement =
                    new Statement(values[1], values[2], digest, Long.parseLong(values[4]), Instant.parse(values[5]));
            // There is one way to write a statement, so that what is compared is also what was signed.
            if (!new String(statement.signedPart(), StandardCharsets.UTF_8)
                    .equals(String.join("\n", List.of(lines).subList(0, FIELDS.size())) + "\n")) {
                throw new IllegalArgumentException("its number or time is not written as it should be");
            }
            return new Signed(statement, signature);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("its 'expires' is no time such as 2026-12-01T00:00:00Z", e);
        }
    }

    private static String decoded(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("it has more than " + MAX_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is no text", e);
        }
    }

    private static String value(String line, String field) {
        if (!line.startsWith(field + ": ")) {
            throw new IllegalArgumentException("it lacks the line '" + field + ": …' in its place");
        }
        return line.substring(field.length() + 2);
    }

    private byte[] signedPart() {
        String text = FIELDS.get(0) + ": " + FORMAT + "\nkey: " + key + "\nname: " + name + "\ndigest: " + SHA256
                + digest + "\nnumber: " + number + "\nexpires: " + expires + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns this statement with its signature, as it is published.
     *
     * @param privateKey the Ed25519 key whose public half is known under {@link #key}
     * @throws GeneralSecurityException if it is no such key
     */
    public byte[] sign(PrivateKey privateKey) throws GeneralSecurityException {
        Signature signing = Signature.getInstance("Ed25519");
        signing.initSign(privateKey);
        signing.update(signedPart());
        String signature = Base64.getEncoder().encodeToString(signing.sign());
        return (new String(signedPart(), StandardCharsets.UTF_8) + SIGNATURE + ": " + signature + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}

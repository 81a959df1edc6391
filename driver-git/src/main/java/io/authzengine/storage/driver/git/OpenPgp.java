package io.authzengine.storage.driver.git;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/** Verifies OpenPGP signatures against a file of public keys. */
final class OpenPgp {
    private final Path keyRing;

    OpenPgp(Path keyRing) {
        this.keyRing = keyRing;
    }

    /** Returns why {@code signature} of {@code data} does not count; empty if it does. */
    Optional<String> objection(byte[] signature, byte[] data) {
        PGPPublicKeyRingCollection keys;
        try {
            keys = keys();
        } catch (PGPException | IOException e) {
            return Optional.of("keyRing " + keyRing + " cannot be read as OpenPGP public keys");
        }
        try (InputStream in = PGPUtil.getDecoderStream(new ByteArrayInputStream(signature))) {
            Object first = new BcPGPObjectFactory(in).nextObject();
            if (!(first instanceof PGPSignatureList list) || list.size() != 1) {
                return Optional.of("its signature cannot be read");
            }
            return objection(list.get(0), data, keys);
        } catch (PGPException | IOException | RuntimeException e) {
            return Optional.of("its signature cannot be read");
        }
    }

    private PGPPublicKeyRingCollection keys() throws PGPException, IOException {
        try (InputStream file = Files.newInputStream(keyRing);
                InputStream in = PGPUtil.getDecoderStream(file)) {
            return new PGPPublicKeyRingCollection(in, new BcKeyFingerprintCalculator());
        }
    }

    private static Optional<String> objection(PGPSignature signature, byte[] data, PGPPublicKeyRingCollection keys)
            throws PGPException {
        String keyId = String.format(Locale.ROOT, "%016X", signature.getKeyID());
        if (signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT) {
            return Optional.of("its signature is not one of a document");
        }
        PGPPublicKey key = keys.getPublicKey(signature.getKeyID());
        if (key == null) {
            return Optional.of("it is signed by the key " + keyId + ", which is not in 'keyRing'");
        }
        if (key.hasRevocation()) {
            return Optional.of("the key " + keyId + " that signed it is revoked");
        }
        Instant signedAt = signature.getCreationTime().toInstant();
        Instant made = key.getCreationTime().toInstant();
        long lifetime = key.getValidSeconds();
        if (signedAt.isBefore(made) || (lifetime > 0 && signedAt.isAfter(made.plusSeconds(lifetime)))) {
            return Optional.of("the key " + keyId + " was not valid when it was signed");
        }
        signature.init(new BcPGPContentVerifierBuilderProvider(), key);
        signature.update(data);
        return signature.verify() ? Optional.empty() : Optional.of("its signature by the key " + keyId + " is wrong");
    }
}

package io.authzengine.storage.driver.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.GpgConfig;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.SignatureVerifier.SignatureVerification;
import org.eclipse.jgit.lib.SignatureVerifiers;
import org.eclipse.jgit.revwalk.RevCommit;

/** Judges whether a commit has a signature that counts. Reads the keys anew each time. */
final class SignatureCheck {
    private static final String SSH = "-----BEGIN SSH SIGNATURE-----";
    private static final String OPEN_PGP = "-----BEGIN PGP SIGNATURE-----";

    private final GitSignatures settings;

    SignatureCheck(GitSignatures settings) {
        this.settings = settings;
    }

    /** Returns why {@code commit} is not to be served; empty if it is. */
    Optional<String> objection(Repository repository, RevCommit commit) throws IOException {
        if (!settings.required()) {
            return Optional.empty();
        }
        byte[] signature = commit.getRawGpgSignature();
        if (signature == null) {
            return Optional.of("it is not signed");
        }
        String text = new String(signature, StandardCharsets.US_ASCII);
        if (text.startsWith(SSH)) {
            return settings.allowedSigners().isPresent()
                    ? ssh(repository, commit, settings.allowedSigners().get())
                    : Optional.of("it is signed with an SSH key, and 'allowedSigners' is not set");
        }
        if (text.startsWith(OPEN_PGP)) {
            return settings.keyRing().isPresent()
                    ? new OpenPgp(settings.keyRing().get()).objection(signature, signed(commit))
                    : Optional.of("it is signed with OpenPGP, and 'keyRing' is not set");
        }
        return Optional.of("its signature is neither of SSH nor of OpenPGP");
    }

    private static Optional<String> ssh(Repository repository, RevCommit commit, Path allowed) throws IOException {
        if (!Files.isReadable(allowed)) {
            return Optional.of("allowedSigners " + allowed + " cannot be read");
        }
        Config config = new Config();
        config.setString(
                "gpg", "ssh", "allowedSignersFile", allowed.toAbsolutePath().toString());
        SignatureVerification verdict = SignatureVerifiers.verify(repository, new GpgConfig(config), commit);
        if (verdict == null) {
            return Optional.of("its signature cannot be verified");
        }
        if (verdict.verified() && !verdict.expired()) {
            return Optional.empty();
        }
        return Optional.of("its signature by the key " + verdict.keyFingerprint() + " does not count"
                + (verdict.message() == null ? "" : ": " + ShownPath.of(verdict.message())));
    }

    /** Returns what was signed: the commit without its signature. */
    private static byte[] signed(RevCommit commit) {
        String raw = new String(commit.getRawBuffer(), StandardCharsets.ISO_8859_1);
        int start = raw.indexOf("\ngpgsig ") + 1;
        int end = raw.indexOf('\n', start) + 1;
        while (raw.charAt(end) == ' ') {
            end = raw.indexOf('\n', end) + 1;
        }
        return (raw.substring(0, start) + raw.substring(end)).getBytes(StandardCharsets.ISO_8859_1);
    }
}

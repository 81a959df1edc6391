package io.authzengine.storage.driver.git;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Who must have signed the commit that is served.
 *
 * @param allowedSigners a file of SSH keys as {@code ssh-keygen} reads it, for signatures made with SSH keys
 * @param keyRing a file of OpenPGP public keys, armoured or not, for signatures made with those
 */
public record GitSignatures(Optional<Path> allowedSigners, Optional<Path> keyRing) {
    /** Nobody need have signed. */
    public static final GitSignatures NOT_ASKED = new GitSignatures(Optional.empty(), Optional.empty());

    public GitSignatures {
        Objects.requireNonNull(allowedSigners, "allowedSigners");
        Objects.requireNonNull(keyRing, "keyRing");
    }

    /** Returns whether the tip must be signed. */
    public boolean required() {
        return allowedSigners.isPresent() || keyRing.isPresent();
    }
}

package io.authzengine.storage.driver.git;

import java.util.Objects;
import java.util.Optional;

/** How the driver shows the remote who it is. Immutable; credentials are never shown. */
public sealed interface GitAuth {
    /** Nothing is shown: public repositories, and those on this machine. */
    record None() implements GitAuth {}

    /** A user and a password in the header of each request; a token counts as the password of any user. */
    record Basic(String username, GitSecret password) implements GitAuth {
        public Basic {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
        }
    }

    /** A private key in any form OpenSSH or OpenSSL writes it: Ed25519, ECDSA or RSA. */
    record Ssh(GitSecret privateKey, Optional<GitSecret> passphrase) implements GitAuth {
        public Ssh {
            Objects.requireNonNull(privateKey, "privateKey");
            Objects.requireNonNull(passphrase, "passphrase");
        }
    }

    /** The user that forges ignore when the password is a token. */
    String TOKEN_USER = "x-access-token";

    /** Returns the way to show a token: as the password of a user whose name does not matter. */
    static GitAuth token(GitSecret token) {
        return new Basic(TOKEN_USER, token);
    }
}

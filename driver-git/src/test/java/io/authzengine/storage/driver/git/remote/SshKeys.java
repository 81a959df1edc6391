package io.authzengine.storage.driver.git.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;

/** A pair of keys that {@code ssh-keygen} made. */
public record SshKeys(Path privateFile, Path publicFile) {
    /** Makes a pair at {@code file}, locked with {@code passphrase} unless that is empty. */
    public static SshKeys generate(Path file, String type, String passphrase) throws IOException, InterruptedException {
        GitCommand.run(
                java.util.Objects.requireNonNull(file.getParent(), "file is in a directory"),
                "ssh-keygen",
                "-q",
                "-t",
                type,
                "-N",
                passphrase,
                "-C",
                "ada@example.com",
                "-f",
                file.toString());
        return new SshKeys(file, file.resolveSibling(file.getFileName() + ".pub"));
    }

    /** Returns the public key. */
    public PublicKey publicKey() throws IOException, GeneralSecurityException {
        return PublicKeyEntry.parsePublicKeyEntry(publicLine())
                .resolvePublicKey(null, null, PublicKeyEntryResolver.FAILING);
    }

    /** Returns the public key as one line, as files of OpenSSH have it. */
    public String publicLine() throws IOException {
        return Files.readString(publicFile).strip();
    }
}

package io.authzengine.storage.driver.git;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.transport.sshd.ProxyData;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/** Opens SSH connections that know no more than the settings say: no agent, no {@code ~/.ssh/config}, no keys of the user. */
final class SshSessions implements AutoCloseable {
    private final SshdSessionFactory factory;
    private final KnownHosts knownHosts;

    private SshSessions(SshdSessionFactory factory, KnownHosts knownHosts) {
        this.factory = factory;
        this.knownHosts = knownHosts;
    }

    /** One side does not believe the other. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        private final String remedy;

        RefusedException(String message, String remedy) {
            super(message);
            this.remedy = remedy;
        }

        String remedy() {
            return remedy;
        }
    }

    /**
     * Reads key and known hosts as they are now.
     *
     * @param home an empty directory that stands for the user's
     */
    static SshSessions open(GitConfig config, File home) throws IOException {
        KnownHosts knownHosts = KnownHosts.read(config.trust().knownHosts());
        List<KeyPair> keys = config.auth() instanceof GitAuth.Ssh ssh ? keys(ssh) : List.of();
        SshdSessionFactoryBuilder builder = new SshdSessionFactoryBuilder()
                .setHomeDirectory(home)
                .setSshDirectory(home)
                .setConfigStoreFactory((directory, file, user) -> QuickKeys.FOR_ALL)
                .setDefaultIdentities(directory -> List.of())
                .setDefaultKeysProvider(directory -> keys)
                .setServerKeyDatabase((directory, ssh) -> knownHosts)
                .setConnectorFactory(null)
                .setPreferredAuthentications("publickey")
                .setProxyDataFactory(remote -> proxy(config));
        return new SshSessions(builder.build(null), knownHosts);
    }

    private static @Nullable ProxyData proxy(GitConfig config) {
        if (config.trust().proxy().isEmpty()) {
            return null;
        }
        URI proxy = config.trust().proxy().get();
        return new ProxyData(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), proxy.getPort())));
    }

    private static List<KeyPair> keys(GitAuth.Ssh ssh) throws IOException {
        byte[] text = (ssh.privateKey().read() + "\n").getBytes(StandardCharsets.UTF_8);
        FilePasswordProvider passphrase = ssh.passphrase().isPresent()
                ? FilePasswordProvider.of(ssh.passphrase().get().read())
                : FilePasswordProvider.EMPTY;
        List<KeyPair> keys = new ArrayList<>();
        try {
            Iterable<KeyPair> found = SecurityUtils.loadKeyPairIdentities(
                    null, () -> "privateKey", new ByteArrayInputStream(text), passphrase);
            if (found != null) {
                found.forEach(keys::add);
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw unreadable(e);
        }
        if (keys.isEmpty()) {
            throw unreadable(null);
        }
        return keys;
    }

    private static RefusedException unreadable(@Nullable Exception cause) {
        RefusedException refused = new RefusedException(
                "the private key cannot be read: it is none, or its passphrase is another",
                "let 'privateKey' be the PEM text of an Ed25519, ECDSA or RSA key, or file: and the path of one, and"
                        + " 'passphrase' what it was locked with");
        if (cause != null) {
            refused.initCause(cause);
        }
        return refused;
    }

    SshdSessionFactory factory() {
        return factory;
    }

    /** Returns {@code failure}, or why the server was refused if that is behind it. */
    IOException explain(IOException failure) {
        RefusedException refusal = knownHosts.refusal();
        if (refusal == null) {
            String text = String.valueOf(failure.getMessage()) + failure.getCause();
            if (!text.contains("no more authentication methods") && !text.contains("Cannot log in")) {
                return failure;
            }
            refusal = new RefusedException(
                    "the server refuses the key",
                    "check 'auth', and that the server knows its public half; what was loaded stays");
        }
        refusal.addSuppressed(failure);
        return refusal;
    }

    @Override
    public void close() {
        factory.close();
    }
}

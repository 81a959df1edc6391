package io.authzengine.storage.driver.git.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.UploadPack;

/** Serves one repository over SSH, for fetching, to those who hold one key. Thread-safe. */
public final class GitSshServer implements AutoCloseable {
    private final SshServer server = SshServer.setUpDefaultServer();
    private final AtomicInteger threads = new AtomicInteger();
    private final KeyPair hostKey;
    private volatile Repository repository;
    private volatile Optional<PublicKey> allowed = Optional.empty();
    private volatile boolean broken;

    private GitSshServer(Repository repository, KeyPair hostKey) {
        this.repository = repository;
        this.hostKey = hostKey;
    }

    /** Serves {@code repository} on any free port of the loopback interface. */
    public static GitSshServer start(Repository repository) throws IOException, GeneralSecurityException {
        return start(repository, KeyUtils.generateKeyPair(KeyPairProvider.ECDSA_SHA2_NISTP256, 256));
    }

    /** Serves {@code repository}, and shows {@code hostKey}. */
    public static GitSshServer start(Repository repository, KeyPair hostKey) throws IOException {
        GitSshServer started = new GitSshServer(repository, hostKey);
        started.listen(0);
        return started;
    }

    private void listen(int port) throws IOException {
        server.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.setPort(port);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator(
                (user, key, session) -> allowed.isPresent() && KeyUtils.compareKeys(allowed.get(), key));
        server.setCommandFactory((channel, command) -> new Serving(command));
        CoreModuleProperties.NIO_WORKERS.set(server, 2);
        server.start();
    }

    /** Serves another repository from now on, to those who hold {@code key}. */
    public void serve(Repository other, PublicKey key) {
        repository = other;
        allowed = Optional.of(key);
        broken = false;
    }

    /** Ends each conversation at once, or no more. */
    public void broken(boolean on) {
        broken = on;
    }

    /** Returns the repository's URL. */
    public String url() {
        return "ssh://git@127.0.0.1:" + server.getPort() + "/org/policies.git";
    }

    /** Returns the line of {@code known_hosts} for this server. */
    public String knownHosts() {
        return "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(hostKey.getPublic());
    }

    /** Returns the fingerprint of this server's key. */
    public String fingerprint() {
        return KeyUtils.getFingerPrint(hostKey.getPublic());
    }

    /** One {@code git-upload-pack}. */
    private final class Serving implements Command {
        private final String command;
        private InputStream in = InputStream.nullInputStream();
        private OutputStream out = OutputStream.nullOutputStream();
        private OutputStream err = OutputStream.nullOutputStream();
        private ExitCallback exit = (code, message, closeImmediately) -> {};

        Serving(String command) {
            this.command = command;
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            err = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            String protocol = environment.getEnv().getOrDefault("GIT_PROTOCOL", "");
            Thread thread = new Thread(() -> run(protocol), "git-ssh-test-" + threads.incrementAndGet());
            thread.setDaemon(true);
            thread.start();
        }

        private void run(String protocol) {
            int code = 1;
            try {
                if (!broken && command.startsWith("git-upload-pack")) {
                    UploadPack pack = new UploadPack(repository);
                    if (!protocol.isEmpty()) {
                        pack.setExtraParameters(List.of(protocol.split(":")));
                    }
                    pack.upload(in, out, err);
                    code = 0;
                }
            } catch (IOException | RuntimeException e) {
                code = 2; // The client has gone.
            }
            exit.onExit(code, "");
        }

        @Override
        public void destroy(ChannelSession channel) {}
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}

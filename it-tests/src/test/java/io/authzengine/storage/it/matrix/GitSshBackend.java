package io.authzengine.storage.it.matrix;

import io.authzengine.storage.driver.git.remote.GitSshServer;
import io.authzengine.storage.driver.git.remote.Origin;
import io.authzengine.storage.driver.git.remote.SshKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A repository behind SSH that wants a key. */
final class GitSshBackend implements BackendUnderTest {
    private final Origin origin;
    private final GitBranch branch;
    private final KeyPair hostKey;
    private final SshKeys key;
    private final SshKeys otherKey;
    private final Path knownHosts;
    private final Wire wire;
    private GitSshServer server;

    private GitSshBackend(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
        origin = Origin.create(directory.resolve("origin.git"));
        branch = new GitBranch(origin);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        hostKey = generator.generateKeyPair();
        key = SshKeys.generate(directory.resolve("id"), "ecdsa", "");
        otherKey = SshKeys.generate(directory.resolve("other"), "ecdsa", "");
        server = GitSshServer.start(origin.repository(), hostKey);
        server.serve(origin.repository(), key.publicKey());
        wire = Wire.to(port());
        knownHosts = Files.writeString(
                directory.resolve("known_hosts"),
                server.knownHosts().replace(":" + port() + " ", ":" + wire.port() + " ") + "\n");
    }

    static GitSshBackend start(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
        return new GitSshBackend(directory);
    }

    private int port() {
        return URI.create(server.url()).getPort();
    }

    @Override
    public String settings() {
        return """
                type: git
                id: repository
                repository: ssh://git@127.0.0.1:%d/org/policies.git
                branch: main
                pollInterval: 1s
                timeout: 10s
                knownHosts: "file:%s"
                auth: {type: ssh, privateKey: "file:%s"}
                """.formatted(wire.port(), knownHosts, key.privateFile());
    }

    @Override
    public void publish(Map<String, String> documents) {
        branch.publish(documents);
    }

    @Override
    public void restore(Map<String, String> documents) {
        branch.rewrite(documents);
    }

    @Override
    public Optional<Wire> wire() {
        return Optional.of(wire);
    }

    @Override
    public void harm(Harm harm) throws IOException, GeneralSecurityException {
        switch (harm) {
            case KILLED -> server.close();
            case REVOKED -> server.serve(origin.repository(), otherKey.publicKey());
            case GONE -> branch.delete();
            default -> throw new IllegalArgumentException("cannot be " + harm);
        }
    }

    @Override
    public void heal(Harm harm) throws IOException, GeneralSecurityException {
        switch (harm) {
            case KILLED -> {
                server = GitSshServer.start(origin.repository(), hostKey);
                server.serve(origin.repository(), key.publicKey());
                wire.leadTo(port());
            }
            case REVOKED -> server.serve(origin.repository(), key.publicKey());
            case GONE -> branch.bringBack();
            default -> throw new IllegalArgumentException("cannot be " + harm);
        }
    }

    @Override
    public List<String> secrets() {
        return List.of();
    }

    @Override
    public void close() throws IOException {
        wire.close();
        server.close();
        branch.close();
    }
}

package io.authzengine.storage.it.matrix;

import io.authzengine.storage.driver.git.remote.GitHttpServer;
import io.authzengine.storage.driver.git.remote.Origin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A repository behind smart HTTP that wants a token. */
final class GitHttpBackend implements BackendUnderTest {
    private static final String TOKEN = "token-of-the-git-driver";
    private static final String USER = "x-access-token";
    private static final long HALF_A_PACK = 20_000;

    private final GitBranch branch;
    private final GitHttpServer server;
    private final Wire wire;

    private GitHttpBackend(Origin origin) throws IOException {
        branch = new GitBranch(origin);
        server = GitHttpServer.start(origin.repository());
        server.require(USER, TOKEN);
        wire = Wire.to(URI.create(server.url()).getPort());
    }

    static GitHttpBackend start(Path directory) throws IOException {
        return new GitHttpBackend(Origin.create(directory.resolve("origin.git")));
    }

    @Override
    public String settings() {
        return """
                type: git
                id: repository
                repository: http://localhost:%d/org/policies.git
                branch: main
                pollInterval: 1s
                timeout: 10s
                auth: {type: token, token: %s}
                """.formatted(wire.port(), TOKEN);
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
    public void harm(Harm harm) throws IOException {
        switch (harm) {
            case KILLED -> server.down();
            case REVOKED -> server.require(USER, "another-token");
            case GONE -> branch.delete();
            case BUSY -> server.answer(503);
            case CUT_SHORT -> server.cutAfter(HALF_A_PACK);
            default -> throw new IllegalArgumentException("cannot be " + harm);
        }
    }

    @Override
    public void heal(Harm harm) throws IOException {
        switch (harm) {
            case KILLED -> server.up();
            case REVOKED -> server.require(USER, TOKEN);
            case GONE -> branch.bringBack();
            case BUSY -> server.answer(0);
            case CUT_SHORT -> server.cutAfter(Long.MAX_VALUE);
            default -> throw new IllegalArgumentException("cannot be " + harm);
        }
    }

    @Override
    public List<String> secrets() {
        return List.of(TOKEN);
    }

    @Override
    public void close() {
        wire.close();
        server.close();
        branch.close();
    }
}

package io.authzengine.storage.driver.git;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.git.remote.GitSshServer;
import io.authzengine.storage.driver.git.remote.Origin;
import io.authzengine.storage.driver.git.remote.SshKeys;
import io.authzengine.storage.testkit.StorageDriverContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class GitSshContractTest extends StorageDriverContract {
    private static @Nullable GitSshServer server;

    @TempDir
    static Path keys;

    private static @Nullable SshKeys key;

    @TempDir
    Path directory;

    private @Nullable Origin origin;

    @BeforeAll
    static void listen() throws Exception {
        server = GitSshServer.start(new InMemoryRepository(new DfsRepositoryDescription("none")));
        key = SshKeys.generate(keys.resolve("id"), "ecdsa", "");
        // Threads that are there for good once they are: the server's, and the one JGit has for all.
        try (StorageContext context = StorageContext.create("first");
                StorageDriver driver = new GitDriverProvider().create(config(), context)) {
            try (Origin first = Origin.create(keys.resolve("first.git"))) {
                first.with("README.md", "policies").commit("first");
                server().serve(first.repository(), key().publicKey());
                driver.init();
            }
        }
    }

    @AfterAll
    static void hangUp() throws IOException {
        server().close();
    }

    private static GitSshServer server() {
        return Objects.requireNonNull(server);
    }

    private static SshKeys key() {
        return Objects.requireNonNull(key);
    }

    private static GitConfig config() {
        return GitConfig.of(server().url())
                .withAuth(new GitAuth.Ssh(GitSecret.in(key().privateFile()), Optional.empty()))
                .withTrust(new GitTrust(
                        Optional.of(GitSecret.of(server().knownHosts())), Optional.empty(), Optional.empty()));
    }

    private Origin origin() {
        return Objects.requireNonNull(origin);
    }

    @Override
    protected StorageDriver open(StorageContext context) throws Exception {
        Origin made = Origin.create(directory.resolve("origin.git"));
        made.with("README.md", "policies").commit("first");
        origin = made;
        server().serve(made.repository(), key().publicKey());
        return new GitDriverProvider().create(config(), context);
    }

    @Override
    protected void put(Map<String, String> documents) {
        origin().change(documents, Set.of());
    }

    @Override
    protected void remove(Set<String> names) {
        origin().change(Map.of(), names);
    }

    @Override
    protected void breakDown() {
        server().broken(true);
    }

    @Override
    protected void heal() {
        server().broken(false);
    }
}

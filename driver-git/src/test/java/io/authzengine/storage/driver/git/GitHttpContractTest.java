package io.authzengine.storage.driver.git;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.git.remote.GitHttpServer;
import io.authzengine.storage.driver.git.remote.Origin;
import io.authzengine.storage.testkit.StorageDriverContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.internal.WorkQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class GitHttpContractTest extends StorageDriverContract {
    private static final String PASSWORD = "token-of-the-contract";

    private static @Nullable GitHttpServer server;

    @TempDir
    Path directory;

    private @Nullable Origin origin;

    @BeforeAll
    static void listen() throws IOException {
        server = GitHttpServer.start(new InMemoryRepository(new DfsRepositoryDescription("none")));
        WorkQueue.getExecutor().execute(() -> {}); // JGit has one thread for all, which is there for good once it is.
    }

    @AfterAll
    static void hangUp() {
        server().close();
    }

    private Origin origin() {
        return java.util.Objects.requireNonNull(origin);
    }

    private static GitHttpServer server() {
        return java.util.Objects.requireNonNull(server);
    }

    @Override
    protected StorageDriver open(StorageContext context) throws IOException {
        Origin made = Origin.create(directory.resolve("origin.git"));
        made.with("README.md", "policies").commit("first");
        origin = made;
        server().serve(made.repository());
        server().require(GitAuth.TOKEN_USER, PASSWORD);
        GitConfig config = GitConfig.of(server().url()).withAuth(GitAuth.token(GitSecret.of(PASSWORD)));
        return new GitDriverProvider().create(config, context);
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
        server().answer(503);
    }

    @Override
    protected void heal() {
        server().answer(0);
    }

    @Override
    protected List<String> secrets() {
        return List.of(PASSWORD);
    }
}

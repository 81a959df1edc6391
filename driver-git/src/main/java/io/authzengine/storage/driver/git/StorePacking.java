package io.authzengine.storage.driver.git;

import java.io.IOException;
import java.time.Instant;
import java.util.Properties;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Repository;

/** Makes one pack of all that the refs of a repository lead to. */
final class StorePacking {
    /** Whatever is older than this may go: everything. */
    private static final Instant FAR_AHEAD = Instant.parse("9999-01-01T00:00:00Z");

    private StorePacking() {}

    static Properties pack(Repository repository) throws IOException {
        repository.getConfig().setString("gc", null, "prunePackExpire", "now");
        try (Git git = Git.wrap(repository)) {
            return git.gc().setExpire(FAR_AHEAD).call();
        } catch (GitAPIException | RuntimeException e) {
            throw new IOException("the local repository could not be packed: " + e.getMessage(), e);
        }
    }
}

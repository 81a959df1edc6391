package io.authzengine.storage.it.matrix;

import io.authzengine.storage.driver.git.remote.Origin;
import java.io.IOException;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;

/** The branch {@code main} of a repository, as whoever pushes to it. */
final class GitBranch implements AutoCloseable {
    private final Origin origin;
    private ObjectId tip = ObjectId.zeroId();

    GitBranch(Origin origin) {
        this.origin = origin;
    }

    void publish(Map<String, String> documents) {
        fill(documents);
        tip = origin.commit("change");
    }

    /** Forgets the history, as a force-push does. */
    void rewrite(Map<String, String> documents) {
        fill(documents);
        tip = origin.rewrite("all over again");
    }

    private void fill(Map<String, String> documents) {
        origin.withoutAll();
        documents.forEach(origin::with);
    }

    void delete() throws IOException {
        origin.delete("main");
    }

    void bringBack() throws IOException {
        origin.move(tip);
    }

    @Override
    public void close() {
        origin.close();
    }
}

package io.authzengine.storage.benchmarks.measure;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SplittableRandom;

/** Seeded edits of the files of resource policies, as an editor makes them: written aside, then renamed. Not thread-safe. */
public final class Edits {
    private static final long SEED = 1;

    private final Path directory;
    private final List<Policy> candidates;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private int count;

    /** A file that was written aside and is still to be renamed. */
    public record Prepared(PolicyId id, Path next, Path target) {
        /** Puts it in the place of the one there was. */
        public void rename() throws IOException {
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /**
     * @param store serves what is in {@code directory}
     * @param directory where its only driver reads
     */
    public Edits(PolicyStore store, Path directory) {
        this.directory = directory;
        this.candidates = store.current().ofKind(PolicyKind.RESOURCE_POLICY).toList();
    }

    /** Writes another text of any of the policies aside. */
    public Prepared prepare() throws IOException {
        Policy policy = candidates.get(random.nextInt(candidates.size()));
        Path target = directory.resolve(policy.metadata().source());
        Path next = target.resolveSibling("." + target.getFileName() + ".next");
        Files.writeString(next, Files.readString(target) + "# change " + ++count + "\n");
        return new Prepared(policy.id(), next, target);
    }
}

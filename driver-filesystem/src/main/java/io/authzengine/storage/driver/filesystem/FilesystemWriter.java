package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes sets of policies into files. A policy that is in a file already stays in it; a new one gets a file of its own in the first
 * directory. Everything is written aside and brought to the disk first, and then takes its names at one go; after a crash in
 * between, some files are new and some are not, and the same call again completes it.
 */
final class FilesystemWriter implements PolicyWriter {
    private final FilesystemConfig config;
    private final StorageContext context;
    private final FilesystemErrors errors;

    FilesystemWriter(FilesystemConfig config, StorageContext context) {
        this.config = config;
        this.context = context;
        this.errors = new FilesystemErrors(config.id());
    }

    /** What is to be done, found out by comparing. */
    private record Plan(FileChanges changes, Outcome outcome) {}

    @Override
    public Outcome preview(Collection<Policy> policies, Mode mode) {
        return plan(policies, mode).outcome();
    }

    @Override
    public Outcome publish(Collection<Policy> policies, Mode mode) {
        Plan plan = plan(policies, mode);
        try {
            plan.changes().apply();
        } catch (IOException e) {
            throw errors.unwritable(e);
        }
        return plan.outcome();
    }

    private Plan plan(Collection<Policy> policies, Mode mode) {
        Map<PolicyId, Policy> wanted = byId(policies);
        PolicySet there = there();
        FileChanges changes = new FileChanges(new NewFiles(config), errors);
        int added = 0;
        int modified = 0;
        int deleted = 0;
        try {
            for (Policy policy : wanted.values()) {
                Policy old = there.find(policy.id()).orElse(null);
                if (old == null) {
                    changes.add(policy);
                    added++;
                } else if (!FileChanges.isSame(old, policy)) {
                    changes.replace(file(old), old, policy);
                    modified++;
                }
            }
            for (Policy old : there.sorted()) {
                if (mode == Mode.REPLACE && !wanted.containsKey(old.id())) {
                    changes.remove(file(old), old);
                    deleted++;
                }
            }
        } catch (IOException e) {
            throw errors.unreadable(config.roots().get(0).shown(), e);
        }
        return new Plan(changes, new Outcome(added, modified, deleted, wanted.size() - added - modified));
    }

    private static Map<PolicyId, Policy> byId(Collection<Policy> policies) {
        Map<PolicyId, Policy> byId = new TreeMap<>();
        for (Policy policy : policies) {
            if (byId.put(policy.id(), policy) != null) {
                throw new IllegalArgumentException("two of the policies are called " + policy.id());
            }
        }
        return byId;
    }

    /** What the driver of these files would hold: it alone knows what counts as a document. */
    private PolicySet there() {
        if (config.roots().stream().noneMatch(root -> Files.exists(root.path()))) {
            return PolicySet.EMPTY; // A new directory to copy to.
        }
        try (StorageDriver driver = new FilesystemDriverProvider().create(config.withoutWatch(), context)) {
            driver.init();
            LoadResult loaded = driver.load();
            if (!loaded.complete()) {
                throw new ValidationException(
                        Problem.in(config.id(), "what is there cannot be read, so it is not known what to keep of it")
                                .at(loaded.errors().get(0).source())
                                .remedy("mend or remove it first; 'policyd validate' says what is wrong with it"));
            }
            return loaded.policies();
        }
    }

    private Path file(Policy policy) {
        String location = policy.metadata().provenance().document();
        for (PolicyRoot root : config.roots()) {
            String below = root.location("-");
            String prefix = below.substring(0, below.length() - 1);
            Path file = location.equals(root.shown())
                    ? root.path()
                    : location.startsWith(prefix)
                            ? root.path().resolve(location.substring(prefix.length()))
                            : root.path();
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new NotFoundException(Problem.in(config.id(), "the file has gone while it was being compared")
                .at(location)
                .remedy("do the same again"));
    }

    @Override
    public void close() {
        // Nothing is held between calls.
    }
}

package io.authzengine.storage.driver.git.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** A bare repository that tests commit to. One thread at a time. */
public final class Origin implements AutoCloseable {
    /** The author of all commits. */
    public static final String AUTHOR = "Ada";

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private final Repository repository;
    private final Map<String, Entry> files = new TreeMap<>();
    private String branch = "refs/heads/main";
    private int commits;

    private record Entry(FileMode mode, ObjectId id) {}

    private Origin(Repository repository) {
        this.repository = repository;
    }

    /** Makes an empty repository in {@code directory}. */
    public static Origin create(Path directory) {
        try {
            Repository repository = new FileRepositoryBuilder()
                    .setBare()
                    .setGitDir(directory.toFile())
                    .build();
            repository.create(true);
            repository.getConfig().setBoolean("uploadpack", null, "allowAnySHA1InWant", true);
            repository.getConfig().setBoolean("http", null, "receivepack", true);
            repository.getConfig().save();
            RefUpdate head = repository.updateRef(Constants.HEAD);
            head.link("refs/heads/main");
            return new Origin(repository);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the repository itself. */
    public Repository repository() {
        return repository;
    }

    /** Lets the commits that follow go to another branch. */
    public void on(String name) {
        branch = Constants.R_HEADS + name;
    }

    /** Puts a file into the next commit. */
    public Origin with(String path, String content) {
        files.put(path, new Entry(FileMode.REGULAR_FILE, insert(content.getBytes(StandardCharsets.UTF_8))));
        return this;
    }

    /** Puts a file of many bytes into the next commit. */
    public Origin with(String path, byte[] content) {
        files.put(path, new Entry(FileMode.REGULAR_FILE, insert(content)));
        return this;
    }

    /** Puts a link into the next commit. */
    public Origin withLink(String path, String target) {
        files.put(path, new Entry(FileMode.SYMLINK, insert(target.getBytes(StandardCharsets.UTF_8))));
        return this;
    }

    /** Puts a submodule into the next commit. */
    public Origin withSubmodule(String path) {
        files.put(path, new Entry(FileMode.GITLINK, ObjectId.fromString("1234567890123456789012345678901234567890")));
        return this;
    }

    /** Leaves a file out of the next commit. */
    public Origin without(String path) {
        files.remove(path);
        return this;
    }

    /** Leaves out all files. */
    public Origin withoutAll() {
        files.clear();
        return this;
    }

    private ObjectId insert(byte[] content) {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId id = inserter.insert(Constants.OBJ_BLOB, content);
            inserter.flush();
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits on top of the branch. */
    public ObjectId commit(String message) {
        try {
            ObjectId parent = repository.resolve(branch);
            return move(commit(message, tree(), parent == null ? new ObjectId[0] : new ObjectId[] {parent}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits without any history and points the branch there, as a force-push does. */
    public ObjectId rewrite(String message) {
        try {
            return move(commit(message, tree()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits {@code tree}, whatever it is, on top of the branch. */
    public ObjectId commitTree(ObjectId tree) {
        try {
            return move(commit("a tree", tree));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Points the branch at {@code commit}. */
    public ObjectId move(ObjectId commit) throws IOException {
        RefUpdate update = repository.updateRef(branch);
        update.setNewObjectId(commit);
        update.forceUpdate();
        return commit;
    }

    /** Removes the branch {@code name}. */
    public void delete(String name) throws IOException {
        RefUpdate update = repository.updateRef(Constants.R_HEADS + name);
        update.setForceUpdate(true);
        update.delete();
    }

    /** Makes a tag that is an object of its own. */
    public void tag(String name, ObjectId commit) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            org.eclipse.jgit.lib.TagBuilder tag = new org.eclipse.jgit.lib.TagBuilder();
            tag.setTag(name);
            tag.setObjectId(commit, Constants.OBJ_COMMIT);
            tag.setTagger(person());
            tag.setMessage(name);
            ObjectId id = inserter.insert(tag);
            inserter.flush();
            RefUpdate update = repository.updateRef(Constants.R_TAGS + name);
            update.setNewObjectId(id);
            update.forceUpdate();
        }
    }

    /** Packs all there is, as servers do now and then. */
    public void pack() throws IOException {
        try (Git git = Git.wrap(repository)) {
            git.gc().call();
        } catch (GitAPIException e) {
            throw new IOException(e);
        }
    }

    private ObjectId tree() throws IOException {
        DirCache cache = DirCache.newInCore();
        DirCacheBuilder builder = cache.builder();
        files.forEach((path, file) -> {
            DirCacheEntry entry = new DirCacheEntry(path);
            entry.setFileMode(file.mode());
            entry.setObjectId(file.id());
            builder.add(entry);
        });
        builder.finish();
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId tree = cache.writeTree(inserter);
            inserter.flush();
            return tree;
        }
    }

    private PersonIdent person() {
        return new PersonIdent(AUTHOR, "ada@example.com", FIRST.plusSeconds(60L * ++commits), ZoneOffset.UTC);
    }

    private ObjectId commit(String message, ObjectId tree, ObjectId... parents) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            CommitBuilder builder = new CommitBuilder();
            PersonIdent person = person();
            builder.setAuthor(person);
            builder.setCommitter(person);
            builder.setMessage(message);
            builder.setTreeId(tree);
            builder.setParentIds(parents);
            ObjectId id = inserter.insert(builder);
            inserter.flush();
            return id;
        }
    }

    /** Puts and removes documents as one commit. */
    public ObjectId change(Map<String, String> documents, Set<String> removed) {
        documents.forEach(this::with);
        removed.forEach(this::without);
        return commit("change");
    }

    @Override
    public void close() {
        repository.close();
    }
}

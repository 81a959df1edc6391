package io.authzengine.storage.driver.git;

import io.authzengine.storage.source.DocumentNames;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** Makes manifests of trees: what a commit holds, or what differs between two. Reads trees, never files. */
final class TreeListing {
    private final GitConfig config;
    private final DocumentNames names;
    private final GitErrors errors;
    private final ObjectReader reader;

    // Filled by one walk.
    private final List<SourceEntry> entries = new ArrayList<>();
    private final List<Manifest.Refused> refused = new ArrayList<>();
    private final Set<String> gone = new HashSet<>();

    TreeListing(GitConfig config, GitErrors errors, ObjectReader reader) {
        this.config = config;
        this.names = config.documents().names();
        this.errors = errors;
        this.reader = reader;
    }

    /** Returns all documents of {@code commit}. */
    Manifest complete(RevCommit commit) throws IOException {
        ObjectId tree = directory(commit);
        try (TreeWalk walk = new TreeWalk(reader)) {
            walk.addTree(tree);
            while (walk.next()) {
                visit(walk, 0, commit);
            }
        }
        return Manifest.complete(revision(commit), entries).refusing(refused).by(author(commit));
    }

    /** Returns the documents that differ between {@code before} and {@code commit}, whatever lies between them. */
    Manifest delta(RevCommit before, RevCommit commit) throws IOException {
        try (TreeWalk walk = new TreeWalk(reader)) {
            walk.addTree(directory(before));
            walk.addTree(directory(commit));
            walk.setFilter(TreeFilter.ANY_DIFF);
            while (walk.next()) {
                if (walk.getFileMode(0) != FileMode.MISSING
                        && !walk.getFileMode(0).equals(FileMode.TREE)) {
                    gone.add(location(walk.getPathString()));
                }
                if (walk.getFileMode(1) != FileMode.MISSING) {
                    visit(walk, 1, commit);
                } else if (walk.isSubtree()) {
                    walk.enterSubtree();
                }
            }
        }
        gone.add(branchPlace(config)); // What was said of an earlier tip is said again if it still holds.
        entries.forEach(entry -> gone.remove(entry.location()));
        refused.forEach(place -> gone.remove(place.location()));
        return Manifest.delta(revision(before), revision(commit), entries, gone)
                .refusing(refused)
                .by(author(commit));
    }

    private static String author(RevCommit commit) {
        return ShownPath.of(commit.getAuthorIdent().getName() + " <"
                + commit.getAuthorIdent().getEmailAddress() + ">");
    }

    static Revision revision(RevCommit commit) {
        return new Revision(commit.name());
    }

    /** Returns the place of what is to be said of the tip as a whole; no file can have it. */
    static String branchPlace(GitConfig config) {
        return "branch " + ShownPath.of(config.branch());
    }

    private ObjectId directory(RevCommit commit) throws IOException {
        if (config.directory().isEmpty()) {
            return commit.getTree();
        }
        try (TreeWalk walk = TreeWalk.forPath(reader, config.directory(), commit.getTree())) {
            if (walk == null) {
                throw errors.noDirectory(shortId(commit), "");
            }
            FileMode mode = walk.getFileMode(0);
            if (!mode.equals(FileMode.TREE)) {
                throw errors.noDirectory(shortId(commit), ": that is " + kind(mode));
            }
            return walk.getObjectId(0);
        }
    }

    private static String kind(FileMode mode) {
        return mode.equals(FileMode.SYMLINK) ? "a link" : mode.equals(FileMode.GITLINK) ? "a submodule" : "a file";
    }

    static String shortId(ObjectId id) {
        return id.abbreviate(12).name();
    }

    private void visit(TreeWalk walk, int side, RevCommit commit) throws IOException {
        String path = walk.getPathString();
        FileMode mode = walk.getFileMode(side);
        if (isHostile(walk.getNameString())) {
            refuse(
                    path,
                    "the name '" + ShownPath.of(walk.getNameString())
                            + "' cannot be that of a file; remove it from the tree");
        } else if (mode.equals(FileMode.TREE)) {
            if (names.mayHoldDocuments(path)) {
                walk.enterSubtree();
            }
        } else if (mode.equals(FileMode.GITLINK)) {
            if (names.mayHoldDocuments(path)) {
                refuse(
                        path,
                        "this is a submodule, whose policies are not loaded; put them into this repository, or let 'exclude' name it");
            }
        } else if (mode.equals(FileMode.SYMLINK)) {
            if (names.isDocument(path) || (names.mayHoldDocuments(path) && !leadsToFile(walk, side, commit))) {
                refuse(
                        path,
                        "this is a link, and links are not followed; put the file in its place, or let 'exclude' name it");
            }
        } else if (names.isDocument(path)) {
            entries.add(new SourceEntry(
                    location(path),
                    walk.getObjectId(side).name(),
                    OptionalLong.empty(),
                    Optional.of(Instant.ofEpochSecond(commit.getCommitTime()))));
        }
    }

    private void refuse(String path, String reason) {
        refused.add(new Manifest.Refused(location(path), reason));
    }

    private static boolean isHostile(String name) {
        return name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || name.indexOf('/') >= 0
                || name.toLowerCase(Locale.ROOT).equals(".git");
    }

    /** A link to a file that is no document by its name is of no interest; one to a directory could hide policies. */
    private boolean leadsToFile(TreeWalk walk, int side, RevCommit commit) throws IOException {
        byte[] target = reader.open(walk.getObjectId(side)).getCachedBytes(4096);
        java.nio.file.Path resolved = java.nio.file.Path.of("/" + inRepository(walk.getPathString()))
                .resolveSibling(new String(target, StandardCharsets.UTF_8))
                .normalize();
        String path = resolved.toString().substring(1);
        if (path.isEmpty()) {
            return false;
        }
        try (TreeWalk found = TreeWalk.forPath(reader, path, commit.getTree())) {
            return found != null && found.getFileMode(0).equals(FileMode.REGULAR_FILE);
        }
    }

    private String inRepository(String path) {
        return config.directory().isEmpty() ? path : config.directory() + "/" + path;
    }

    private String location(String path) {
        return ShownPath.of(inRepository(path));
    }
}

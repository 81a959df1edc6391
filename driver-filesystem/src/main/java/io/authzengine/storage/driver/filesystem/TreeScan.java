package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.source.DocumentNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Goes through directories and lists the documents in them; used once.
 *
 * <p>A file or directory that can be reached in several ways is listed once: by its own name if that is within a root, otherwise
 * by the first link that leads to it. That also ends circles. What cannot be seen is not gone: it is refused, and what was known
 * to be below it is kept.
 */
final class TreeScan {
    /**
     * What a scan needs.
     *
     * @param names which files are documents
     * @param recursive whether to enter directories
     */
    record Setting(
            FileAccess files,
            DocumentNames names,
            boolean recursive,
            Coverage coverage,
            Sight sight,
            FilesystemErrors errors) {}

    private record Link(Listing.Directory parent, Path path, String relative) {
        String location() {
            return parent.root().location(relative);
        }
    }

    /** A path that leads elsewhere each time is looked at again by the next scan; this one must end. */
    private static final int MAX_FOLLOWS = 10;

    private final Setting setting;
    private final Listing known;
    private final Listing found = new Listing();
    private final Deque<Listing.Directory> ahead = new ArrayDeque<>();
    private final Deque<Link> links = new ArrayDeque<>();

    TreeScan(Setting setting, Listing known) {
        this.setting = setting;
        this.known = known;
    }

    /**
     * Returns all documents below {@code roots}.
     *
     * @throws StorageException if a root is missing or cannot be read
     */
    Listing everything(List<PolicyRoot> roots) {
        roots.forEach(this::enter);
        walk();
        followLinks();
        roots.forEach(this::addFileRoot);
        roots.forEach(this::checkNotEmptied);
        return found;
    }

    /**
     * Checks that {@code roots} are there.
     *
     * @throws StorageException if one is missing or cannot be reached
     */
    void check(List<PolicyRoot> roots) {
        roots.forEach(this::enter);
    }

    /** Returns the documents below {@code directory}, which is not reached through a link; links in it are not followed. */
    Listing below(Listing.Directory directory) {
        ahead.push(directory);
        walk();
        return found;
    }

    private void enter(PolicyRoot root) {
        PathTrail trail;
        try {
            trail = follow(root.path());
        } catch (IOException e) {
            throw setting.errors().unreadable(root.shown(), e);
        }
        FileStamp stamp = trail.stamp().orElseThrow(() -> missing(root, trail.end()));
        switch (stamp.kind()) {
            case DIRECTORY ->
                ahead.addLast(new Listing.Directory(root, trail.end(), trail.end(), "", stamp.identity()));
            case FILE -> {} // Comes last, as it may also be in one of the directories.
            default -> throw setting.errors().special(root);
        }
        found.tops.put(root, new Listing.Top(trail.end(), stamp));
    }

    /** Follows {@code path} until nothing on the way can have changed unheard. */
    private PathTrail follow(Path path) throws IOException {
        PathTrail trail = PathTrail.follow(path, setting.files());
        for (int i = 0; i < MAX_FOLLOWS && setting.coverage().steps(trail.steps()); i++) {
            trail = PathTrail.follow(path, setting.files());
        }
        return trail;
    }

    private StorageException missing(PolicyRoot root, Path firstMissing) {
        known.lost.add(root);
        return setting.errors().missing(root, firstMissing);
    }

    private void walk() {
        while (!ahead.isEmpty()) {
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw setting.errors().interrupted();
            }
            Listing.Directory next = ahead.pop();
            if (found.directories.putIfAbsent(next.real(), next) == null) {
                list(next);
            }
        }
    }

    private void list(Listing.Directory directory) {
        setting.coverage().tree(directory.real(), directory.identity());
        try {
            for (Path name : setting.files().names(directory.real())) {
                look(directory, name);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            found.directories.remove(directory.real());
            if (directory.isRoot()) {
                throw missing(directory.root(), directory.real());
            }
        } catch (IOException e) {
            if (directory.isRoot()) {
                throw setting.errors().unreadable(directory.location(), e);
            }
            refuse(directory.location(), FilesystemErrors.refusal(e));
        }
    }

    private void look(Listing.Directory directory, Path name) {
        String shown = ShownName.of(name);
        if (DocumentNames.isHidden(shown)) {
            return;
        }
        String relative = directory.below(shown);
        Path path = directory.real().resolve(name);
        String location = directory.root().location(relative);
        try {
            FileStamp stamp = setting.files().stamp(path);
            switch (stamp.kind()) {
                case FILE -> addFile(directory, path, relative, stamp);
                case DIRECTORY -> {
                    addDirectory(directory, path, relative, stamp)
                            .ifPresent(added -> found.hasNewDirectories |= known.lacks(added, directory.identity()));
                }
                case LINK -> {
                    found.hasLinks = true;
                    links.addLast(new Link(directory, path, relative));
                }
                case OTHER -> refuseSpecial(location, relative);
            }
        } catch (NoSuchFileException e) {
            return; // Gone since the directory was listed.
        } catch (IOException e) {
            if (matters(location, relative)) {
                refuse(location, FilesystemErrors.refusal(e));
            }
        }
    }

    private void addFile(Listing.Directory directory, Path real, String relative, FileStamp stamp) {
        if (setting.names().isDocument(relative)) {
            add(directory.root().location(relative), directory.top(), real, stamp);
        }
    }

    private void add(String location, Path top, Path real, FileStamp stamp) {
        found.files.put(location, setting.sight().of(location, top, real, stamp, known.files.get(location)));
    }

    /** Has the directory entered later if documents are wanted from it; returns it then. */
    private Optional<Listing.Directory> addDirectory(
            Listing.Directory parent, Path real, String relative, FileStamp stamp) {
        if (!setting.recursive() || !setting.names().mayHoldDocuments(relative)) {
            return Optional.empty();
        }
        Listing.Directory added = new Listing.Directory(parent.root(), parent.top(), real, relative, stamp.identity());
        ahead.push(added);
        return Optional.of(added);
    }

    private void followLinks() {
        if (links.isEmpty()) {
            return;
        }
        Set<Path> listed = new HashSet<>();
        found.files.values().forEach(file -> listed.add(file.real()));
        while (!links.isEmpty()) {
            Link link = links.removeFirst();
            int before = found.files.size();
            follow(link, listed);
            walk();
            if (found.files.size() > before) {
                found.filesBelow(link.location()).values().forEach(file -> listed.add(file.real()));
            }
        }
    }

    private void follow(Link link, Set<Path> listed) {
        try {
            PathTrail trail = follow(link.path());
            if (trail.stamp().isPresent()) {
                arrive(link, trail.end(), trail.stamp().get(), listed);
            } else if (matters(link.location(), link.relative())) {
                refuse(link.location(), "it is a link to " + ShownName.ofPath(trail.end()) + ", which does not exist");
            }
        } catch (IOException e) {
            if (matters(link.location(), link.relative())) {
                refuse(link.location(), FilesystemErrors.refusal(e));
            }
        }
    }

    private void arrive(Link link, Path end, FileStamp stamp, Set<Path> listed) {
        boolean wanted = stamp.kind() == FileStamp.Kind.DIRECTORY
                ? setting.recursive() && setting.names().mayHoldDocuments(link.relative())
                : setting.names().isDocument(link.relative());
        if (wanted && !end.startsWith(link.parent().top())) {
            refuse(
                    link.location(),
                    "it is a link to " + ShownName.ofPath(end) + ", which is outside of "
                            + ShownName.ofPath(link.parent().top())
                            + "; to allow it, add the directory it leads to to 'paths'");
        } else if (wanted) {
            switch (stamp.kind()) {
                case DIRECTORY -> addDirectory(link.parent(), end, link.relative(), stamp);
                case FILE -> {
                    if (listed.add(end)) {
                        addFile(link.parent(), end, link.relative(), stamp);
                    }
                }
                default -> refuseSpecial(link.location(), link.relative());
            }
        }
    }

    private void addFileRoot(PolicyRoot root) {
        Listing.Top top = found.tops.get(root);
        if (top == null || top.stamp().kind() != FileStamp.Kind.FILE || isListed(top.real())) {
            return;
        }
        Path directory = top.real().getParent();
        add(root.shown(), directory == null ? top.real() : directory, top.real(), top.stamp());
    }

    private boolean isListed(Path real) {
        return found.files.values().stream().anyMatch(file -> file.real().equals(real));
    }

    /** An unmounted volume leaves an empty directory behind, and that must not look like "all policies deleted". */
    private void checkNotEmptied(PolicyRoot root) {
        Listing.Top before = known.tops.get(root);
        Listing.Top now = found.tops.get(root);
        if (before != null
                && now != null
                && !before.isSameAs(now)
                && !known.filesBelow(root.shown()).isEmpty()
                && found.filesBelow(root.shown()).isEmpty()) {
            throw setting.errors().emptied(root);
        }
    }

    private boolean matters(String location, String relative) {
        return setting.names().isDocument(relative)
                || !known.filesBelow(location).isEmpty();
    }

    private void refuseSpecial(String location, String relative) {
        if (setting.names().isDocument(relative)) {
            refuse(location, "it is a pipe, socket or device, and only files are read");
        }
    }

    private void refuse(String location, String reason) {
        found.refused.put(location, reason);
        found.keepBelow(location, known);
    }
}

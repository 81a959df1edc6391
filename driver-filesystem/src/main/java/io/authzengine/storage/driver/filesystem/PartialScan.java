package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.source.DocumentNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks at single paths and tells in what they differ from a listing; used once. Gives up wherever only a look at everything is
 * sure to be right: links, what cannot be read, directories that are not as they were.
 */
final class PartialScan {
    private final TreeScan.Setting setting;
    private final Listing known;
    private final NavigableMap<String, FoundFile> changed = new TreeMap<>();
    private final Set<String> gone = new TreeSet<>();
    private final Map<Path, Listing.Directory> newDirectories = new HashMap<>();
    private boolean metNewDirectories;
    private final Set<Path> done = new HashSet<>();

    PartialScan(TreeScan.Setting setting, Listing known) {
        this.setting = setting;
        this.known = known;
    }

    /**
     * @param dirty paths without links, a directory before what is in it
     * @return whether {@link #changed} and {@link #gone} tell all there is to tell of them
     */
    boolean look(Set<Path> dirty) {
        try {
            for (Map.Entry<PolicyRoot, Listing.Top> root : known.tops.entrySet()) {
                if (!isWhereItWas(root.getKey(), root.getValue())) {
                    return false;
                }
            }
            for (Path path : dirty) {
                if (!isBelow(path, done) && !look(path)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false; // The look at everything meets it again, and then tells of it.
        }
    }

    NavigableMap<String, FoundFile> changed() {
        return changed;
    }

    Set<String> gone() {
        return gone;
    }

    /** Returns whether there were directories that nobody watched until now, so that no event tells whether they are at rest. */
    boolean metNewDirectories() {
        return metNewDirectories;
    }

    Listing.Seen seen() {
        return Listing.Seen.of(changed, newDirectories);
    }

    /** Brings the listing up to date. */
    void apply() {
        known.directories.keySet().removeIf(path -> isBelow(path, done));
        known.directories.putAll(newDirectories);
        known.files.keySet().removeAll(gone);
        known.files.putAll(changed);
    }

    private boolean isWhereItWas(PolicyRoot root, Listing.Top top) throws IOException {
        PathTrail trail = PathTrail.follow(root.path(), setting.files());
        return trail.stamp().isPresent()
                && new Listing.Top(trail.end(), trail.stamp().get()).isSameAs(top);
    }

    private static boolean isBelow(Path path, Set<Path> directories) {
        for (Path at = path; at != null; at = at.getParent()) {
            if (directories.contains(at)) {
                return true;
            }
        }
        return false;
    }

    private boolean look(Path path) throws IOException {
        Listing.Directory parent = known.directories.get(path.getParent());
        if (parent == null) {
            return false;
        }
        String shown = ShownName.of(path.getFileName());
        if (DocumentNames.isHidden(shown)) {
            return !known.hasLinks;
        }
        String relative = parent.below(shown);
        FileStamp stamp;
        try {
            stamp = setting.files().stamp(path);
        } catch (NoSuchFileException e) {
            return lookAtGone(parent, path, relative);
        }
        return switch (stamp.kind()) {
            case FILE -> lookAtFile(parent, path, relative, stamp);
            case DIRECTORY -> lookAtDirectory(parent, path, relative, stamp);
            case LINK, OTHER -> false;
        };
    }

    private boolean lookAtGone(Listing.Directory parent, Path path, String relative) throws IOException {
        FileStamp stamp = setting.files().stamp(parent.real());
        if (known.hasLinks || !stamp.identity().equals(parent.identity())) {
            return false;
        }
        String location = parent.root().location(relative);
        done.add(path);
        gone.addAll(known.filesBelow(location).keySet());
        if (known.files.containsKey(location)) {
            gone.add(location);
        }
        return true;
    }

    private boolean lookAtFile(Listing.Directory parent, Path path, String relative, FileStamp stamp) {
        if (known.directories.containsKey(path)) {
            return false;
        }
        String location = parent.root().location(relative);
        FoundFile before = known.files.get(location);
        if (setting.names().isDocument(relative)) {
            if (known.hasLinks && (before == null || !before.real().equals(path))) {
                return false;
            }
            addIfChanged(setting.sight().of(location, parent.top(), path, stamp, before));
        }
        return true;
    }

    private boolean lookAtDirectory(Listing.Directory parent, Path path, String relative, FileStamp stamp) {
        if (!setting.recursive() || !setting.names().mayHoldDocuments(relative)) {
            return true;
        }
        if (known.hasLinks || known.files.containsKey(parent.root().location(relative))) {
            return false;
        }
        Listing.Directory directory =
                new Listing.Directory(parent.root(), parent.top(), path, relative, stamp.identity());
        Listing found = new TreeScan(setting, known).below(directory);
        if (found.hasLinks || !found.refused.isEmpty()) {
            return false;
        }
        metNewDirectories |= found.hasNewDirectories || known.lacks(directory, parent.identity());
        done.add(path);
        newDirectories.putAll(found.directories);
        found.files.values().forEach(this::addIfChanged);
        for (String location : known.filesBelow(directory.location()).keySet()) {
            if (!found.files.containsKey(location)) {
                gone.add(location);
            }
        }
        return true;
    }

    private void addIfChanged(FoundFile file) {
        if (!file.equals(known.files.get(file.location()))) {
            changed.put(file.location(), file);
        }
    }
}

package io.authzengine.storage.driver.filesystem;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a scan found. Filled by one scan, then brought up to date by what it is told of single paths; one thread at a time.
 */
final class Listing {
    /**
     * A directory that documents were looked for in.
     *
     * @param root the configured path it belongs to
     * @param top the real directory of that root
     * @param real the directory itself, without any link
     * @param relative where it is below the root, as shown; empty for the root itself
     * @param identity which directory it is, whatever its name
     */
    record Directory(PolicyRoot root, Path top, Path real, String relative, Object identity) {
        /** Returns where {@code shown}, a name in this directory, is below the root. */
        String below(String shown) {
            return relative.isEmpty() ? shown : relative + "/" + shown;
        }

        String location() {
            return root.location(relative);
        }

        boolean isRoot() {
            return relative.isEmpty();
        }
    }

    /**
     * What a configured path led to.
     *
     * @param real where it led, without any link
     * @param stamp what was there
     */
    record Top(Path real, FileStamp stamp) {
        boolean isSameAs(Top other) {
            return real.equals(other.real)
                    && stamp.kind() == other.stamp.kind()
                    // A file is exchanged whenever it is saved; a directory is not.
                    && (stamp.kind() == FileStamp.Kind.FILE || stamp.identity().equals(other.stamp.identity()));
        }
    }

    final Map<PolicyRoot, Top> tops = new HashMap<>();
    final NavigableMap<String, FoundFile> files = new TreeMap<>();
    final Map<Path, Directory> directories = new HashMap<>();
    final SortedMap<String, String> refused = new TreeMap<>();
    /** Whether there are links, so that a change in one place may show in another. */
    boolean hasLinks;
    /** Whether a directory was met that an earlier listing does not have, and that was not watched until then. */
    boolean hasNewDirectories;
    /** Roots that were found to be gone since; what is there when they are back may be another directory. */
    final Set<PolicyRoot> lost = new HashSet<>();

    /** What a scan saw, without what only the time of the scan adds. */
    record Seen(Map<String, FileStamp> files, Set<Path> directories) {
        static Seen of(Map<String, FoundFile> files, Map<Path, Directory> directories) {
            Map<String, FileStamp> stamps = new HashMap<>();
            files.forEach((location, file) -> stamps.put(location, file.stamp()));
            return new Seen(stamps, Set.copyOf(directories.keySet()));
        }
    }

    Seen seen() {
        return Seen.of(files, directories);
    }

    /** Returns whether this has the directory that {@code directory} was found in, but not {@code directory} itself. */
    boolean lacks(Directory directory, Object parentIdentity) {
        Directory parent = directories.get(directory.real().getParent());
        Directory before = directories.get(directory.real());
        return parent != null
                && parent.identity().equals(parentIdentity)
                && (before == null || !before.identity().equals(directory.identity()));
    }

    /** Notes that the directories at {@code paths} are no more, whatever is in their place. */
    void forget(Set<Path> paths) {
        directories.keySet().removeAll(paths);
        tops.forEach((root, top) -> {
            if (paths.contains(top.real())) {
                lost.add(root);
            }
        });
    }

    /** Returns the documents below the directory at {@code location}, as a view. */
    SortedMap<String, FoundFile> filesBelow(String location) {
        String prefix = location.endsWith("/") ? location : location + "/";
        return files.subMap(prefix, prefix.substring(0, prefix.length() - 1) + (char) ('/' + 1));
    }

    /** Takes over what {@code earlier} found below {@code location}, as it cannot be seen now. */
    void keepBelow(String location, Listing earlier) {
        files.putAll(earlier.filesBelow(location));
    }
}

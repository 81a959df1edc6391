package io.authzengine.storage.driver.filesystem;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a path leads, and by which steps that could lead elsewhere tomorrow: each link on the way, the last name, and the first
 * name that is missing. No event tells of a target that was exchanged; one in the directory of such a step does.
 *
 * @param end where the path leads, without any link
 * @param stamp what is there; empty if nothing is
 * @param steps names to keep an eye on, each in a real directory
 */
record PathTrail(Path end, Optional<FileStamp> stamp, Set<Path> steps) {
    private static final int MAX_LINKS = 40; // As Linux has it.

    /**
     * Follows {@code path}, which is absolute.
     *
     * @throws FileSystemLoopException if links lead in a circle
     * @throws IOException if a directory on the way must not be searched, or the disk fails
     */
    static PathTrail follow(Path path, FileAccess files) throws IOException {
        return new Walk(path, files).walk();
    }

    private static final class Walk {
        private final FileAccess files;
        private final Deque<Path> ahead = new ArrayDeque<>();
        private final Set<Path> steps = new LinkedHashSet<>();
        private Path at;
        private int links;

        Walk(Path path, FileAccess files) {
            this.files = files;
            this.at = path;
            begin(path);
        }

        /** Puts the names of {@code path} in front of those still ahead; an absolute one begins at its root. */
        private void begin(Path path) {
            Path root = path.getRoot();
            List<Path> names = new ArrayList<>();
            path.forEach(names::add);
            for (int i = names.size() - 1; i >= 0; i--) {
                ahead.addFirst(names.get(i));
            }
            if (root != null) {
                at = root;
            }
        }

        PathTrail walk() throws IOException {
            while (!ahead.isEmpty()) {
                // Lexical ".." is right here, as there is no link in "at".
                Path next = at.resolve(ahead.removeFirst()).normalize();
                if (at.startsWith(next)) {
                    at = next;
                } else if (!step(next)) {
                    return new PathTrail(next, Optional.empty(), steps);
                }
            }
            return new PathTrail(at, Optional.of(files.stamp(at)), steps);
        }

        private boolean step(Path next) throws IOException {
            FileStamp.Kind kind;
            try {
                kind = files.stamp(next).kind();
            } catch (NoSuchFileException e) {
                steps.add(next);
                return false;
            }
            if (kind == FileStamp.Kind.LINK) {
                if (++links > MAX_LINKS) {
                    throw new FileSystemLoopException(next.toString());
                }
                steps.add(next);
                begin(files.linkTarget(next));
            } else {
                if (ahead.isEmpty()) {
                    steps.add(next);
                }
                at = next;
            }
            return true;
        }
    }
}

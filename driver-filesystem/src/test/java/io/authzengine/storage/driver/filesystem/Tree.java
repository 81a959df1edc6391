package io.authzengine.storage.driver.filesystem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Files below a directory, written and moved without checked exceptions. */
record Tree(Path path) {
    Path at(String relative) {
        return path.resolve(relative);
    }

    /** Returns the path whose name has the bytes that {@code encoded} stands for, whatever the locale of the test's machine. */
    Path encoded(String encoded) {
        return Path.of(URI.create(path.toUri() + encoded));
    }

    Path write(String relative, String content) {
        return write(at(relative), content);
    }

    static Path write(Path file, String content) {
        return run(() -> {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content);
        });
    }

    /** Writes a file that looks as if it had been there for a while. */
    Path writeOld(String relative, String content) {
        Path file = write(relative, content);
        setModified(file, Instant.now().minusSeconds(60));
        return file;
    }

    static void setModified(Path file, Instant time) {
        run(() -> Files.setLastModifiedTime(file, FileTime.from(time)));
    }

    void replace(String relative, String content) {
        run(() -> {
            AtomicFiles.write(at(relative), content);
            return path;
        });
    }

    void move(String from, String to) {
        run(() -> Files.move(at(from), at(to), StandardCopyOption.ATOMIC_MOVE));
    }

    Path link(String relative, String target) {
        return run(() -> {
            Files.createDirectories(at(relative).getParent());
            return Files.createSymbolicLink(at(relative), Path.of(target));
        });
    }

    /** Makes a link of the name {@code relative} lead to {@code target}, with no moment in between in which there is none. */
    void relink(String relative, String target) {
        Path beside = link(relative + ".new", target);
        run(() -> Files.move(beside, at(relative), StandardCopyOption.ATOMIC_MOVE));
    }

    Path directory(String relative) {
        return run(() -> Files.createDirectories(at(relative)));
    }

    void delete(String relative) {
        run(() -> Files.walkFileTree(at(relative), new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        }));
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    private static <T> T run(Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

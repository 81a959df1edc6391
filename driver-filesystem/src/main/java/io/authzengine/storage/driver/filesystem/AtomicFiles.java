package io.authzengine.storage.driver.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes files so that nobody ever reads a part of one: into a file beside it whose hidden name no driver loads, which then takes the
 * name. Use it wherever a program writes policies that are being watched.
 *
 * <p>Thread-safe; of two that write the same file, one wins.
 */
public final class AtomicFiles {
    /** Tells the files beside apart that this process writes at a time. */
    static final AtomicLong COUNT = new AtomicLong();

    private AtomicFiles() {}

    /**
     * Makes {@code content} the content of {@code file}, whose directory must exist. Keeps the permissions the file has; writes
     * through a link. After a crash of the machine the file may have its old content.
     *
     * @throws IOException if that fails; the file is then as it was, and nothing is left beside it
     */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, content, false);
    }

    /** Does the same with {@code content} as UTF-8. */
    public static void write(Path file, String content) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8), false);
    }

    /**
     * Does the same, and returns only when the disk has it: after a crash of the machine the file has its old content or the new
     * one, and the new one once this has returned.
     */
    public static void writeDurably(Path file, byte[] content) throws IOException {
        write(file, content, true);
    }

    private static void write(Path file, byte[] content, boolean durably) throws IOException {
        Path target = target(file);
        Path directory = directory(target);
        Path beside = stage(target, content, durably);
        boolean done = false;
        try {
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(beside);
            }
        }
        if (durably) {
            sync(directory);
        }
    }

    /** Returns the file that is written if {@code file} is: where it leads to, if it is a link. */
    static Path target(Path file) throws IOException {
        return Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
    }

    private static Path directory(Path target) throws IOException {
        Path directory = target.getParent();
        if (directory == null) {
            throw new IOException("not the name of a file: " + target);
        }
        return directory;
    }

    /** Returns a hidden file beside {@code target}, with {@code content} and the permissions of {@code target}, to be moved there. */
    static Path stage(Path target, byte[] content, boolean durably) throws IOException {
        Path beside = create(target, directory(target));
        boolean done = false;
        try {
            fill(beside, content, durably);
            keepPermissions(target, beside);
            done = true;
            return beside;
        } finally {
            if (!done) {
                Files.deleteIfExists(beside);
            }
        }
    }

    /** Returns when the disk has what was done to the names in {@code directory}. */
    static void sync(Path directory) throws IOException {
        if (hasPermissions(directory)) { // Elsewhere a directory cannot be opened, and need not be.
            try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
                opened.force(true);
            }
        }
    }

    private static Path create(Path target, Path directory) throws IOException {
        String prefix =
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + "-";
        Path beside = directory.resolve(prefix + COUNT.incrementAndGet() + ".tmp");
        while (Files.exists(
                beside, LinkOption.NOFOLLOW_LINKS)) { // Left by a process of the same number that was killed.
            beside = directory.resolve(prefix + COUNT.incrementAndGet() + ".tmp");
        }
        return Files.createFile(beside);
    }

    private static void fill(Path file, byte[] content, boolean durably) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            if (durably) {
                channel.force(true);
            }
        }
    }

    private static void keepPermissions(Path from, Path to) throws IOException {
        if (hasPermissions(to) && Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
        }
    }

    private static boolean hasPermissions(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }
}

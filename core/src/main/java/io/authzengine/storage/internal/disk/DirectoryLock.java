package io.authzengine.storage.internal.disk;

import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.ValidationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a directory for one store of one process. The operating system ends it with the process, however that ends.
 *
 * <p>A file lock belongs to the whole process, and closing any channel of the file ends it; so the stores of this process are told apart
 * before the file is opened.
 */
final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "lock";
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Takes the directory.
     *
     * @throws ValidationException if another store has it
     * @throws IOException if that cannot be told, such as in a directory that cannot be written to
     */
    static DirectoryLock take(String storeId, Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD.add(real)) {
            throw inUse(storeId, directory, "another store of this process");
        }
        FileChannel opened = null;
        boolean taken = false;
        try {
            opened = open(real.resolve(FILE));
            FileLock lock = opened.tryLock();
            if (lock == null) {
                throw inUse(storeId, directory, holder(opened));
            }
            byte[] self = ("process " + ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
            opened.truncate(0).write(ByteBuffer.wrap(self), 0);
            taken = true;
            return new DirectoryLock(real, opened);
        } finally {
            if (!taken) {
                HELD.remove(real);
                if (opened != null) {
                    opened.close();
                }
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        if (Files.notExists(file) && Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
            return FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(64);
        channel.read(text, 0);
        String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
        return holder.startsWith("process ") ? holder : "another process";
    }

    private static ValidationException inUse(String storeId, Path directory, String holder) {
        return new ValidationException(Problem.in(storeId, "the directory is in use by " + holder)
                .at(directory.toString())
                .remedy("give each store a cacheDir and a historyDir of its own, or end the other one first"));
    }

    @Override
    public void close() {
        try {
            channel.close(); // The file stays: to remove it could take it from under one who has just opened it.
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(DirectoryLock.class)
                    .warn("{} could not be let go of; it is free once this process ends", directory, e);
        } finally {
            HELD.remove(directory);
        }
    }
}

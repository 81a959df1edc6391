package io.authzengine.storage.internal.disk;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A directory of the machine's file system. */
final class SystemDirectory implements DiskDirectory {
    private static final int BUFFER = 1 << 16;
    private static final boolean POSIX =
            java.nio.file.FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path path;

    SystemDirectory(Path path) {
        this.path = path;
    }

    private static FileAttribute<?>[] ownerOnly(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public void create() throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Path made = path.toAbsolutePath();
        Files.createDirectories(made, ownerOnly("rwx------"));
        for (Path parent = made.getParent(); parent != null && Files.isReadable(parent); parent = parent.getParent()) {
            syncDirectory(parent); // Any of them may be new.
        }
    }

    @Override
    public List<String> list() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> String.valueOf(file.getFileName()))
                    .toList();
        }
    }

    @Override
    public Source open(String name) throws IOException {
        return new SystemFile(FileChannel.open(path.resolve(name), StandardOpenOption.READ));
    }

    private record SystemFile(FileChannel channel) implements Source {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        /** In steps, as the JDK takes a buffer off the heap as large as what is asked for at once. */
        @Override
        public void read(long at, byte[] into, int length) throws IOException {
            for (int done = 0; done < length; ) {
                ByteBuffer step = ByteBuffer.wrap(into, done, Math.min(BUFFER, length - done));
                int count = channel.read(step, at + done);
                if (count < 0) {
                    throw new EOFException("the file ends at " + (at + done));
                }
                done += count;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public void write(String name, Content content) throws IOException {
        Path file = path.resolve(name);
        Files.deleteIfExists(file); // So that nobody else's permissions are taken over.
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, ownerOnly("rw-------"));
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
            content.writeTo(out);
        }
    }

    @Override
    public void sync(String name) throws IOException {
        try (FileChannel channel = FileChannel.open(path.resolve(name), StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        syncDirectory(path);
    }

    private static void syncDirectory(Path directory) throws IOException {
        if (POSIX) { // Elsewhere a directory cannot be opened, and need not be.
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}

package io.authzengine.storage.driver.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads files by going down from the directory they must be below, one name at a time, each relative to the directory that is
 * already open and none through a link. Whoever exchanges a directory for a link in the meantime gets an error, and never the
 * content of a file elsewhere. Where the platform has no such way of opening, the real path is compared before and after.
 */
final class LinklessReader implements FileAccess.Reader {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    // Files of one directory come one after the other; going down to each of them anew would double the time.
    private @Nullable Path openPath;
    private @Nullable DirectoryStream<Path> open;

    @Override
    public Optional<byte[]> read(FoundFile file, int limit) throws IOException {
        Path directory = file.real().getParent();
        if (directory == null || !file.real().startsWith(file.top())) {
            return Optional.empty();
        }
        DirectoryStream<Path> opened = open(file.top(), directory);
        return opened instanceof SecureDirectoryStream<Path> secure
                ? readWithin(secure, file, limit)
                : readByPath(file, limit);
    }

    @SuppressWarnings("StreamResourceLeak") // Kept open for the next file, up to close().
    private DirectoryStream<Path> open(Path top, Path directory) throws IOException {
        if (open != null && directory.equals(openPath)) {
            return open;
        }
        close();
        DirectoryStream<Path> current = Files.newDirectoryStream(top);
        for (Path name : top.relativize(directory)) {
            if (name.toString().isEmpty() || !(current instanceof SecureDirectoryStream<Path> secure)) {
                break;
            }
            try (secure) {
                current = secure.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
            }
        }
        open = current;
        openPath = directory;
        return current;
    }

    private static Optional<byte[]> readWithin(SecureDirectoryStream<Path> directory, FoundFile file, int limit)
            throws IOException {
        Path name = file.real().getFileName();
        BasicFileAttributes attributes = directory
                .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        if (!file.stamp().agreesWith(attributes)) {
            return Optional.empty(); // Before opening, as it may have become a pipe, and opening that blocks for ever.
        }
        try (SeekableByteChannel channel = directory.newByteChannel(name, READ)) {
            return Optional.of(bytes(channel, file.stamp().size(), limit));
        }
    }

    private static Optional<byte[]> readByPath(FoundFile file, int limit) throws IOException {
        Path real = file.real();
        BasicFileAttributes attributes =
                Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!file.stamp().agreesWith(attributes)) {
            return Optional.empty();
        }
        // Archives have no links, and do not know the option that says not to follow any.
        boolean archive = !real.getFileSystem().equals(FileSystems.getDefault());
        try (SeekableByteChannel channel =
                Files.newByteChannel(real, archive ? Set.of(StandardOpenOption.READ) : READ)) {
            return real.toRealPath().equals(real)
                    ? Optional.of(bytes(channel, file.stamp().size(), limit))
                    : Optional.empty();
        }
    }

    private static byte[] bytes(SeekableByteChannel channel, long size, int limit) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size, limit) + 1);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // Until the end, or until there is one byte more than there was room for.
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    @Override
    public void close() throws IOException {
        DirectoryStream<Path> closing = open;
        open = null;
        openPath = null;
        if (closing != null) {
            closing.close();
        }
    }
}

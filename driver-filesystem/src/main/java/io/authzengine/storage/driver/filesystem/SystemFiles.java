package io.authzengine.storage.driver.filesystem;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The operating system's files. Thread-safe. */
final class SystemFiles implements FileAccess {
    private static final String UNIX_VIEW = "unix";
    private static final String UNIX_ATTRIBUTES =
            "unix:size,lastModifiedTime,ctime,fileKey,isRegularFile,isDirectory,isSymbolicLink";

    @Override
    public FileStamp stamp(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains(UNIX_VIEW)
                ? unixStamp(path)
                : basicStamp(path);
    }

    private static FileStamp unixStamp(Path path) throws IOException {
        Map<String, Object> all = Files.readAttributes(path, UNIX_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        return FileStamp.of(
                FileStamp.Kind.of(is(all, "isRegularFile"), is(all, "isDirectory"), is(all, "isSymbolicLink")),
                (Long) told(all, "size"),
                (FileTime) told(all, "lastModifiedTime"),
                (FileTime) told(all, "ctime"),
                told(all, "fileKey"));
    }

    private static boolean is(Map<String, Object> attributes, String name) {
        return (Boolean) told(attributes, name);
    }

    private static Object told(Map<String, Object> attributes, String name) {
        return Objects.requireNonNull(attributes.get(name), name);
    }

    private static FileStamp basicStamp(Path path) throws IOException {
        BasicFileAttributes all = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return FileStamp.of(
                FileStamp.Kind.of(all),
                all.size(),
                all.lastModifiedTime(),
                all.lastModifiedTime(),
                Objects.requireNonNullElse(all.fileKey(), FileStamp.NO_IDENTITY));
    }

    @Override
    public List<Path> names(Path directory) throws IOException {
        List<Path> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(Objects.requireNonNull(entry.getFileName(), "an entry has a name"));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public Path linkTarget(Path link) throws IOException {
        return Files.readSymbolicLink(link);
    }

    @Override
    public Reader reader() {
        return new LinklessReader();
    }

    @Override
    public String fileSystemType(Path path) throws IOException {
        return Files.getFileStore(path).type();
    }

    @Override
    public WatchService watchService(Path root) throws IOException {
        return root.getFileSystem().newWatchService();
    }

    @Override
    public WatchKey watch(Path directory, WatchService service) throws IOException {
        return directory.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
    }
}

package io.authzengine.storage.driver.filesystem;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Optional;

/** All that is asked of the operating system. A seam, as disks that fail cannot be had in every place where tests run. */
interface FileAccess {
    /** Returns what {@code path} looks like, without following a link at its end. */
    FileStamp stamp(Path path) throws IOException;

    /** Returns the names in {@code directory}, in no order. */
    List<Path> names(Path directory) throws IOException;

    Path linkTarget(Path link) throws IOException;

    /** Returns a reader for a number of files; whoever asked closes it. */
    Reader reader();

    /** Returns the name of the kind of file system {@code path} is on, such as {@code ext4} or {@code nfs4}. */
    String fileSystemType(Path path) throws IOException;

    /**
     * @throws UnsupportedOperationException if the file system has no events
     */
    WatchService watchService(Path root) throws IOException;

    /** Has {@code service} tell of what is created, changed and deleted in {@code directory}. */
    WatchKey watch(Path directory, WatchService service) throws IOException;

    /** Reads files, never through a link. One thread at a time. */
    interface Reader extends Closeable {
        /**
         * Returns the content of {@code file}, one byte more than {@code limit} at most; empty if what is there now is not what
         * was found.
         */
        Optional<byte[]> read(FoundFile file, int limit) throws IOException;
    }
}

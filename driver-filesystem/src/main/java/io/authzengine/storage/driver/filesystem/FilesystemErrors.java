package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.WatchException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Path;
import java.time.Duration;

/** The one place where what goes wrong with files becomes SD-001 … SD-007. */
record FilesystemErrors(String driverId) {
    NotFoundException missing(PolicyRoot root, Path firstMissing) {
        String relative = root.isRelative()
                ? "; a relative path starts from the directory of the configuration file, so this is " + root.path()
                : "";
        return new NotFoundException(Problem.in(
                        driverId, "no such file or directory (" + ShownName.ofPath(firstMissing) + " does not exist)")
                .at(root.shown())
                .remedy("create it or mount its volume, or correct 'paths'" + relative));
    }

    NotFoundException emptied(PolicyRoot root) {
        return new NotFoundException(Problem.in(
                        driverId,
                        "the directory was exchanged for another one that holds no documents, as when a volume is no"
                                + " longer mounted")
                .at(root.shown())
                .remedy("mount the volume again or put documents there; if it is meant to be empty, restart"));
    }

    NotFoundException replaced(PolicyRoot root, int missing, int documents, Duration rescanInterval) {
        return new NotFoundException(Problem.in(
                        driverId,
                        "the directory was replaced by another one that lacks " + missing + " of " + documents
                                + " documents, as when it is still being copied; what was loaded stays")
                .at(root.shown())
                .remedy(
                        "put the missing documents there, and the directory is taken at once; otherwise it is taken as it is"
                                + " when it has held the same documents for rescanInterval ("
                                + rescanInterval.toMillis()
                                + " ms)"));
    }

    NotFoundException special(PolicyRoot root) {
        return new NotFoundException(Problem.in(driverId, "this is neither a file nor a directory")
                .at(root.shown())
                .remedy("let 'paths' name a directory of policies, or a file"));
    }

    StorageException unreadable(String location, IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return new AuthenticationFailedException(
                    Problem.in(driverId, why(cause)).at(location).remedy(allow()), cause);
        }
        return new ConnectionFailedException(
                Problem.in(driverId, why(cause)).at(location).remedy("look at the disk or mount it is on"), cause);
    }

    StorageException unwritable(IOException cause) {
        String place = cause instanceof FileSystemException e && e.getFile() != null
                ? ShownName.ofPath(Path.of(e.getFile()))
                : "the directory";
        if (cause instanceof AccessDeniedException) {
            return new AuthenticationFailedException(
                    Problem.in(driverId, "user '" + System.getProperty("user.name") + "' is not allowed to write there")
                            .at(place)
                            .remedy("give this user write permission on the directory"),
                    cause);
        }
        return new ConnectionFailedException(
                Problem.in(driverId, "it cannot be written: " + cause.getMessage())
                        .at(place)
                        .remedy("look at the disk or mount it is on, and do the same again, which completes it"),
                cause);
    }

    /** Returns why something cannot be read, as part of a sentence that goes on to tell what to do. */
    static String refusal(IOException cause) {
        return why(cause) + (cause instanceof AccessDeniedException ? "; " + allow() : "");
    }

    private static String why(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "user '" + System.getProperty("user.name") + "' is not allowed to read it";
        }
        if (cause instanceof FileSystemLoopException) {
            return "its links lead in a circle";
        }
        String reason = cause instanceof FileSystemException e ? e.getReason() : cause.getMessage();
        return "it cannot be read: " + (reason == null ? cause.getClass().getSimpleName() : reason);
    }

    private static String allow() {
        return "give this user read permission on it, and search permission (x) on every directory above it";
    }

    ConnectionFailedException interrupted() {
        return new ConnectionFailedException(Problem.in(driverId, "interrupted while looking through the directories"));
    }

    WatchException watchEnded(String reason) {
        return new WatchException(Problem.in(driverId, "the watch over the directories has ended: " + reason));
    }

    WatchException watchRefused(String reason, IOException cause) {
        return new WatchException(
                Problem.in(driverId, "the watch over the directories cannot be had: " + reason), cause);
    }
}

package io.authzengine.storage.driver.filesystem;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/** Where watching is not to be had, and what to tell of it. */
final class WatchLimits {
    /** File systems on which other machines write: events tell of this machine's writes alone. */
    private static final Set<String> REMOTE = Set.of(
            "9p", "afs", "afpfs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "virtiofs", "webdav");

    private static final Set<String> REMOTE_PREFIXES = Set.of("nfs", "smb", "fuse", "macfuse", "osxfuse");

    private WatchLimits() {}

    static boolean isRemote(String fileSystemType) {
        String type = fileSystemType.toLowerCase(Locale.ROOT);
        return REMOTE.contains(type) || REMOTE_PREFIXES.stream().anyMatch(type::startsWith);
    }

    static String remote(PolicyRoot root, String fileSystemType) {
        return root.shown() + " is on a file system of type " + fileSystemType
                + ", which does not tell of what other machines write";
    }

    static String reached(int watched, IOException cause) {
        return "the system allows no more watches after " + watched + " directories (" + cause.getMessage()
                + "); raise fs.inotify.max_user_watches, fs.inotify.max_user_instances or the limit on open files,"
                + " for instance: sysctl fs.inotify.max_user_watches=524288";
    }

    static String unsupported(PolicyRoot root) {
        return root.shown() + " is on a file system that tells of no changes";
    }
}

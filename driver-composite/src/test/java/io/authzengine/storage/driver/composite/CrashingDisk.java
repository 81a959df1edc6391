package io.authzengine.storage.driver.composite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The directory of an offline copy that can be made to fail, and of which a crash keeps just what is there at that moment. */
final class CrashingDisk {
    private static final String LOCK = "lock"; // Ends with the process that held it.

    private final Path home;
    private int life;
    private boolean broken;

    CrashingDisk(Path home) throws IOException {
        this.home = home;
        Files.createDirectory(directory());
    }

    Path directory() {
        return home.resolve("copy-" + life);
    }

    private Path aside() {
        return home.resolve("aside-" + life);
    }

    /** Puts a file where the directory should be, or takes it away again. */
    void breakOrMend() throws IOException {
        if (broken) {
            mend();
        } else {
            Files.move(directory(), aside());
            Files.createFile(directory());
            broken = true;
        }
    }

    void mend() throws IOException {
        if (broken) {
            Files.delete(directory());
            Files.move(aside(), directory());
            broken = false;
        }
    }

    /** Goes on with a copy of what is there: what is written from now on by whoever has the old directory is lost. */
    void crash() throws IOException {
        Path before = broken ? aside() : directory();
        broken = false;
        life++;
        List<Path> files;
        try (Stream<Path> listed = Files.list(before)) {
            files = listed.filter(file -> !file.endsWith(LOCK)).toList();
        }
        Files.createDirectory(directory());
        for (Path file : files) {
            Files.copy(file, directory().resolve(file.getFileName()));
        }
    }
}

package io.authzengine.storage.internal.disk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * One flat directory of a disk: all that an {@link Archive} asks of a file system, so that a test can stand in for it and lose whatever
 * a crash may lose. Nothing but {@link #sync} and {@link #syncDirectory} makes anything last.
 */
interface DiskDirectory {
    /** Writes the content of a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Makes the directory, for its owner only, if it is missing. */
    void create() throws IOException;

    /** Returns the names of the files in it, in no order; none if the directory is missing. */
    List<String> list() throws IOException;

    /** A file that is read; safe for several threads at once. */
    interface Source extends Closeable {
        long size() throws IOException;

        /**
         * Puts the {@code length} bytes that stand from {@code at} on at the beginning of {@code into}.
         *
         * @throws EOFException if the file ends before that
         */
        void read(long at, byte[] into, int length) throws IOException;
    }

    Source open(String name) throws IOException;

    /** Returns all of a file, one of the small ones. */
    default byte[] read(String name) throws IOException {
        try (Source source = open(name)) {
            byte[] all = new byte[Math.toIntExact(source.size())];
            source.read(0, all, all.length);
            return all;
        }
    }

    /** Writes a file for its owner only, in the place of one that may be there. */
    void write(String name, Content content) throws IOException;

    /** Returns once the content of a file is on the disk. */
    void sync(String name) throws IOException;

    /** Gives a file another name, in the place of one that may have it: all at once. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Returns once the names of the files are on the disk. */
    void syncDirectory() throws IOException;
}

package io.authzengine.storage.driver.filesystem;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What one look at a file tells without reading it. As long as it is the same the content is the same, unless the file is
 * {@link #isFresh fresh}.
 *
 * @param kind what it is; a link is not followed
 * @param size bytes
 * @param modified when its content was last changed, in nanoseconds since 1970; anybody may set it
 * @param changed when content, name, owner or permissions were last changed, which nobody can set, likewise; {@code modified} where the file
 *     system does not tell
 * @param identity which file it is, whatever its name; empty where the file system does not tell
 */
record FileStamp(Kind kind, long size, long modified, long changed, Object identity) {
    /** The coarsest clock a file system is expected to have, with room: ext3 and HFS+ count seconds, FAT two. */
    static final Duration CLOCK_GRAIN = Duration.ofSeconds(2);

    /** What stands in the place of an identity where the file system has none. */
    static final Object NO_IDENTITY = "";

    enum Kind {
        FILE,
        DIRECTORY,
        LINK,
        /** A pipe, socket or device: never opened, as that may block for ever or have effects. */
        OTHER;

        static Kind of(BasicFileAttributes attributes) {
            return of(attributes.isRegularFile(), attributes.isDirectory(), attributes.isSymbolicLink());
        }

        static Kind of(boolean file, boolean directory, boolean link) {
            return file ? FILE : directory ? DIRECTORY : link ? LINK : OTHER;
        }
    }

    /** Returns whether this may be the same although the content is not: it was changed within one tick of the clock. */
    boolean isFresh(Instant now) {
        return isWithin(CLOCK_GRAIN, modified, now) || isWithin(CLOCK_GRAIN, changed, now);
    }

    /** Returns whether the content was changed less than {@code quiet} ago, so that the writer may not be done. */
    boolean isMoving(Instant now, Duration quiet) {
        return isWithin(quiet, modified, now);
    }

    static FileStamp of(Kind kind, long size, FileTime modified, FileTime changed, Object identity) {
        return new FileStamp(kind, size, modified.to(TimeUnit.NANOSECONDS), changed.to(TimeUnit.NANOSECONDS), identity);
    }

    /** Returns when its content was last changed. */
    Instant lastModified() {
        return instant(modified);
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    private static boolean isWithin(Duration span, long time, Instant now) {
        return Duration.between(instant(time), now).abs().compareTo(span) < 0;
    }

    boolean isSameFileAs(FileStamp other) {
        return !identity.equals(NO_IDENTITY) && identity.equals(other.identity);
    }

    /** Returns whether {@code attributes}, which tell less, could be those of this. */
    boolean agreesWith(BasicFileAttributes attributes) {
        return kind == Kind.of(attributes)
                && size == attributes.size()
                && modified == attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)
                && identity.equals(Objects.requireNonNullElse(attributes.fileKey(), NO_IDENTITY));
    }

    /** Returns a text that is equal for equal stamps alone. */
    String token() {
        return size + "-" + modified + "-" + changed + "-" + identity;
    }
}

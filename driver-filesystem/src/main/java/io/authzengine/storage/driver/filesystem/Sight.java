package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.source.SourceEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes of stamps what a manifest says, for one look. The token of a fresh file is this look's own, so that the next look reads the
 * file again, even if it then looks the same.
 *
 * @param look the number of the look
 */
record Sight(InstantSource clock, Duration quiet, long look) {
    private static final String OWN_TO_THIS_LOOK = "~";

    /**
     * Returns whether {@code token} still vouches for its content in another process: not one of this look's own, and only where the
     * file system tells what nobody can set.
     */
    static boolean lasts(String token, FileStamp stamp) {
        return !token.contains(OWN_TO_THIS_LOOK)
                && !stamp.identity().equals(FileStamp.NO_IDENTITY)
                && stamp.token().equals(token);
    }

    /** Returns what is at {@code real} now; {@code known} itself if nothing has changed. */
    FoundFile of(String location, Path top, Path real, FileStamp stamp, @Nullable FoundFile known) {
        Instant now = clock.instant();
        String token = stamp.isFresh(now) ? stamp.token() + OWN_TO_THIS_LOOK + look : stamp.token();
        if (known != null && known.entry().token().equals(token) && known.real().equals(real)) {
            return known;
        }
        SourceEntry entry =
                new SourceEntry(location, token, OptionalLong.of(stamp.size()), Optional.of(stamp.lastModified()));
        return new FoundFile(entry, top, real, stamp, stamp.isMoving(now, quiet));
    }

    /** Returns {@code file}, which looks as it did, its writer being done. */
    FoundFile settled(FoundFile file) {
        FoundFile now = of(file.location(), file.top(), file.real(), file.stamp(), null);
        return new FoundFile(now.entry(), now.top(), now.real(), now.stamp(), false);
    }
}

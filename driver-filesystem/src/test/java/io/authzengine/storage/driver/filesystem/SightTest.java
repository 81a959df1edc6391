package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SightTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static FileStamp stamp(Duration age, Object identity) {
        FileTime changed = FileTime.from(NOW.minus(age));
        return FileStamp.of(FileStamp.Kind.FILE, 10, changed, changed, identity);
    }

    private static boolean lasts(FileStamp stamp) {
        Sight sight = new Sight(() -> NOW, Duration.ofMillis(50), 1);
        FoundFile found = sight.of("a.yaml", Path.of("/p"), Path.of("/p/a.yaml"), stamp, null);
        return Sight.lasts(found.entry().token(), found.stamp());
    }

    @Nested
    class ATokenOutlivesTheProcess {
        @Test
        void ofAFileThatHasBeenLeftAlone() {
            assertThat(lasts(stamp(Duration.ofMinutes(1), "inode 7"))).isTrue();
        }

        @Test
        void butNotOfOneThatMayHaveChangedWithinTheSameTick() {
            assertThat(lasts(stamp(Duration.ofMillis(10), "inode 7"))).isFalse();
        }

        @Test
        void norWhereTheFileSystemTellsNoIdentity() {
            assertThat(lasts(stamp(Duration.ofMinutes(1), FileStamp.NO_IDENTITY)))
                    .isFalse();
        }
    }
}

package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.source.SourceEntry;
import java.nio.file.Path;

/**
 * A document as a scan found it.
 *
 * @param entry what the manifest says of it
 * @param top the real directory that {@code real} is below, which no name or link may lead out of
 * @param real where it is, without any link
 * @param stamp what it looked like
 * @param moving whether its writer may not have been done
 */
record FoundFile(SourceEntry entry, Path top, Path real, FileStamp stamp, boolean moving) {
    String location() {
        return entry.location();
    }
}

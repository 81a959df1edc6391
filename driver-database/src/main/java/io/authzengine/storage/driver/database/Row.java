package io.authzengine.storage.driver.database;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What is known of a policy without its text.
 *
 * @param id the primary key
 * @param size bytes of its text; negative if it has none
 * @param sha SHA-256 of its text as the server has it; empty if that is too large to be read
 * @param contentHash what the column says
 * @param contentMark a short hash of the column {@code content}; empty if that has nothing
 * @param updatedAt what the column says
 */
record Row(String id, long size, String sha, String contentHash, String contentMark, Optional<Instant> updatedAt) {
    /**
     * Returns what stays the same as long as nothing is to be read again. The text alone would do for what is served; the columns beside
     * it are in it because they may come to agree with it, or cease to.
     */
    String token() {
        String token = sha.equals(contentHash.toLowerCase(Locale.ROOT)) ? sha : sha + ":" + contentHash + ":" + size;
        return contentMark.isEmpty() ? token : token + "/" + contentMark;
    }
}

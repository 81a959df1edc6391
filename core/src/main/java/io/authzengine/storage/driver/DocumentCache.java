package io.authzengine.storage.driver;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What documents said when a process that is over read them, so that a warm start reads only what has changed since. It speaks for
 * documents, not for sets: whatever comes from it passes the gates like anything else. Thread-safe.
 */
public interface DocumentCache {
    /** Remembers nothing. */
    DocumentCache NONE = new DocumentCache() {
        @Override
        public Optional<Document> find(String driverId, String reading, String location, String token) {
            return Optional.empty();
        }

        @Override
        public void keep(String driverId, String reading, Map<String, Document> taken, Set<String> gone) {}
    };

    /**
     * A document that was taken in.
     *
     * @param token its token then; never empty
     * @param policies all its policies; none if they are switched off
     * @param warnings what was to be said of it although it was taken
     */
    record Document(String token, List<Policy> policies, List<Finding> warnings) {
        public Document {
            Objects.requireNonNull(token, "token");
            policies = List.copyOf(policies);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Returns what the document at {@code location} said.
     *
     * @param reading names all that decides what is made of a document, such as the limits it was read under
     * @return empty unless it was read in just this way and had just this token
     */
    Optional<Document> find(String driverId, String reading, String location, String token);

    /**
     * Takes note of what a driver took in, by location. What it says first is all it has; later it says what is different.
     *
     * @param gone locations that are not there any more, or whose tokens say nothing to a later process
     */
    void keep(String driverId, String reading, Map<String, Document> taken, Set<String> gone);
}

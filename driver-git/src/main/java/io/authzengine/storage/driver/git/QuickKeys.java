package io.authzengine.storage.driver.git;

import java.util.List;
import java.util.Map;
import org.eclipse.jgit.transport.SshConfigStore;
import org.eclipse.jgit.transport.SshConstants;
import org.jspecify.annotations.Nullable;

/**
 * All that stands in for {@code ~/.ssh/config}: which of the ways to agree on a key is asked for first. What the client prefers by itself,
 * {@code sntrup761}, takes a tenth of a second of computing for each connection; this one is as safe from quantum computers and takes a
 * hundredth of that. A server that does not know it is talked to as before.
 */
enum QuickKeys implements SshConfigStore {
    FOR_ALL;

    private static final HostConfig FIRST = new HostConfig() {
        private static final Map<String, String> OPTIONS =
                Map.of(SshConstants.KEX_ALGORITHMS, "^mlkem768x25519-sha256");

        @Override
        public @Nullable String getValue(String key) {
            return OPTIONS.get(key);
        }

        @Override
        public List<String> getValues(String key) {
            return List.of();
        }

        @Override
        public Map<String, String> getOptions() {
            return OPTIONS;
        }

        @Override
        public Map<String, List<String>> getMultiValuedOptions() {
            return Map.of();
        }
    };

    @Override
    public HostConfig lookup(String host, int port, String user) {
        return FIRST;
    }

    @Override
    public HostConfig lookupDefault(String host, int port, String user) {
        return FIRST;
    }
}

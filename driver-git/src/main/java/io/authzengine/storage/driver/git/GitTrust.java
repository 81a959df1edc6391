package io.authzengine.storage.driver.git;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Whom the driver believes to be the remote, and the way there.
 *
 * @param knownHosts the SSH servers' keys, in the form of {@code known_hosts}; empty for the file of this user. A server that is
 *     not in it is refused
 * @param caCertificate a file of certificates in PEM form that HTTPS servers may be certified by, instead of Java's own
 * @param proxy an HTTP proxy, as {@code http://host:port}; never holds credentials
 */
public record GitTrust(Optional<GitSecret> knownHosts, Optional<Path> caCertificate, Optional<URI> proxy) {
    /** What holds unless something else is given. */
    public static final GitTrust DEFAULT = new GitTrust(Optional.empty(), Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException if the proxy is no {@code http://host:port} */
    public GitTrust {
        Objects.requireNonNull(knownHosts, "knownHosts");
        Objects.requireNonNull(caCertificate, "caCertificate");
        proxy.ifPresent(GitTrust::checkProxy);
    }

    private static void checkProxy(URI proxy) {
        if (!"http".equals(proxy.getScheme()) || proxy.getHost() == null || proxy.getPort() < 0) {
            throw new IllegalArgumentException("proxy: expected http://host:port");
        }
        if (proxy.getUserInfo() != null) {
            throw new IllegalArgumentException("proxy: credentials cannot be part of it");
        }
    }
}

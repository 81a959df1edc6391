package io.authzengine.storage.policy;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * All there is to know of a policy without reading it.
 *
 * @param id its name in a set
 * @param kind what sort of policy it is
 * @param name the resource, principal, role or set of definitions it is about
 * @param version its declared version; empty for kinds that have none
 * @param scope its scope; empty means none
 * @param provenance where it came from
 * @param lastModified when the backend says it was last changed, if it says so
 * @param contentHash SHA-256 of its raw text, in hexadecimal
 * @sdd 4.2
 */
public record PolicyMetadata(
        PolicyId id,
        PolicyKind kind,
        String name,
        String version,
        String scope,
        Provenance provenance,
        Optional<Instant> lastModified,
        String contentHash) {
    public PolicyMetadata {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(provenance, "provenance");
        Objects.requireNonNull(lastModified, "lastModified");
        Objects.requireNonNull(contentHash, "contentHash");
    }

    /** Returns the place it was read from, which is called {@code source} wherever metadata is shown. */
    public String source() {
        return provenance.location();
    }
}

package io.authzengine.storage.server.view;

import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.policy.Provenance;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All there is to know of a policy without reading it.
 *
 * @param id its name in the set
 * @param kind such as {@code resourcePolicy}
 * @param name the resource, principal, role or set of definitions it is about
 * @param version its declared version; empty for kinds that have none
 * @param scope its scope; empty means none
 * @param source the place it was read from
 * @param contentHash SHA-256 of its text
 * @param lastModified when the backend says it was last changed, if it says so
 * @param provenance where it came from
 */
public record PolicyView(
        String id,
        String kind,
        String name,
        String version,
        String scope,
        String source,
        String contentHash,
        @Nullable Instant lastModified,
        Provenance provenance) {
    /** Returns the view of {@code metadata}. */
    public static PolicyView of(PolicyMetadata metadata) {
        return new PolicyView(
                metadata.id().value(),
                metadata.kind().name(),
                metadata.name(),
                metadata.version(),
                metadata.scope(),
                metadata.source(),
                metadata.contentHash(),
                metadata.lastModified().orElse(null),
                metadata.provenance());
    }
}

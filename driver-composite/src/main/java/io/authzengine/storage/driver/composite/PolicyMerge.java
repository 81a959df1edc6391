package io.authzengine.storage.driver.composite;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.policy.RawText;
import io.authzengine.storage.policy.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes one policy of several that have one id. Pure. */
final class PolicyMerge {
    private static final String JOIN = " + ";

    private final String driverId;
    private final ContentMerge contents;

    PolicyMerge(String driverId, MergeStrategy strategy) {
        this.driverId = driverId;
        this.contents = ContentMerge.of(strategy);
    }

    /**
     * What became of the policies.
     *
     * @param policy what is served
     * @param refused those that contradict what comes before them and are not in it, with the reason
     */
    record Outcome(Policy policy, Map<Policy, String> refused) {}

    /** Merges {@code policies}, in order of precedence; at least one. One that only repeats what is said before leaves no trace. */
    Outcome merge(List<Policy> policies) {
        Policy highest = policies.get(0);
        List<Policy> parts = new ArrayList<>(highest.parts());
        Map<Policy, String> refused = new LinkedHashMap<>();
        PolicyContent content = highest.content();
        for (Policy lower : policies.subList(1, policies.size())) {
            try {
                PolicyContent merged = contents.merge(content, lower.content());
                if (!merged.equals(content)) {
                    parts.addAll(lower.parts());
                    content = merged;
                }
            } catch (Contradiction e) {
                refused.put(lower, String.valueOf(e.getMessage()));
            }
        }
        return new Outcome(content.equals(highest.content()) ? highest : policy(content, parts), refused);
    }

    private Policy policy(PolicyContent content, List<Policy> parts) {
        RawText raw = RawText.of(PolicyText.of(content));
        String location = parts.stream()
                .map(part -> part.metadata().provenance())
                .map(from -> from.driverId() + ":" + from.location())
                .collect(Collectors.joining(JOIN));
        Optional<Instant> lastModified = parts.stream()
                .map(part -> part.metadata().lastModified())
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
        PolicyMetadata metadata = new PolicyMetadata(
                content.id(),
                content.kind(),
                content.name(),
                content.version(),
                content.scope(),
                new Provenance(driverId, location, 1, ""),
                lastModified,
                Sha256.hex(raw.toByteArray()));
        return new Policy(metadata, content, raw, parts);
    }
}

package io.authzengine.storage.snapshot;

import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.ExportConstants;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.policy.RawText;
import java.util.Map;
import java.util.Optional;

/** Policies for tests of sets, to which it matters what they are called and that they differ, not what they say. */
public final class SamplePolicy {
    private SamplePolicy() {}

    /** Returns a policy called {@code id}; its hash is its text. */
    public static Policy of(PolicyId id, String text) {
        return at("sample.yaml", id, text);
    }

    public static Policy at(String location, PolicyId id, String text) {
        PolicyMetadata metadata = new PolicyMetadata(
                id,
                PolicyKind.EXPORT_CONSTANTS,
                id.value(),
                "",
                "",
                new Provenance("test", location, 1, ""),
                Optional.empty(),
                text);
        return new Policy(metadata, new ExportConstants(DocumentHeader.EMPTY, id.value(), Map.of()), RawText.of(text));
    }
}

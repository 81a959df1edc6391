package io.authzengine.storage.faults.format;

import io.authzengine.storage.faults.policy.FaultPolicy;
import java.util.Map;

/**
 * A fault policy as fields by name, as in {@code Map.of("latency", "50ms", "packet_loss", "1%")}. A policy that is written and parsed
 * again is equal to what it was.
 */
public final class FaultFields {
    private FaultFields() {}

    /**
     * Returns the policy that {@code fields} describe: texts, numbers, mappings and lists.
     *
     * @param path put before the field's name in messages, such as the policy's name; may be empty
     * @throws IllegalArgumentException naming the field, what it says, and what was expected
     */
    public static FaultPolicy parse(String path, Map<String, ?> fields) {
        FaultPolicy policy = new FieldBlock(path, fields).made(PolicyReader::read);
        try {
            policy.check();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException((path.isEmpty() ? "" : path + ": ") + e.getMessage(), e);
        }
        return policy;
    }

    /** Returns the fields that describe {@code policy}; those that say nothing are left out. */
    public static Map<String, Object> of(FaultPolicy policy) {
        return PolicyWriter.fields(policy);
    }
}

package io.authzengine.storage.policy;

import java.util.Map;
import java.util.Objects;

/**
 * Constants to be imported by other policies.
 *
 * @param header what every document may carry
 * @param name the name under which they are imported
 * @param definitions values by name
 */
public record ExportConstants(DocumentHeader header, String name, Map<String, Value> definitions)
        implements PolicyContent {
    public ExportConstants {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(name, "name");
        definitions = ImmutableMaps.copyOf(definitions);
    }

    @Override
    public PolicyKind kind() {
        return PolicyKind.EXPORT_CONSTANTS;
    }

    @Override
    public PolicyId id() {
        return PolicyId.ofExportConstants(name);
    }
}

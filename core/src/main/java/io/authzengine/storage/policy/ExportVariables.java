package io.authzengine.storage.policy;

import java.util.Map;
import java.util.Objects;

/**
 * Variables to be imported by other policies.
 *
 * @param header what every document may carry
 * @param name the name under which they are imported
 * @param definitions expressions by name
 */
public record ExportVariables(DocumentHeader header, String name, Map<String, String> definitions)
        implements PolicyContent {
    public ExportVariables {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(name, "name");
        definitions = ImmutableMaps.copyOf(definitions);
    }

    @Override
    public PolicyKind kind() {
        return PolicyKind.EXPORT_VARIABLES;
    }

    @Override
    public PolicyId id() {
        return PolicyId.ofExportVariables(name);
    }
}

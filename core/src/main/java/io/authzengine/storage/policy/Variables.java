package io.authzengine.storage.policy;

import java.util.List;
import java.util.Map;

/**
 * The variables a policy may use in its conditions.
 *
 * @param imports names of the {@link ExportVariables} taken over
 * @param local expressions by name
 */
public record Variables(List<String> imports, Map<String, String> local) {
    /** No variables. */
    public static final Variables NONE = new Variables(List.of(), Map.of());

    public Variables {
        imports = List.copyOf(imports);
        local = ImmutableMaps.copyOf(local);
    }
}

package io.authzengine.storage.policy;

import java.util.List;
import java.util.Map;

/**
 * The constants a policy may use in its conditions.
 *
 * @param imports names of the {@link ExportConstants} taken over
 * @param local values by name
 */
public record Constants(List<String> imports, Map<String, Value> local) {
    /** No constants. */
    public static final Constants NONE = new Constants(List.of(), Map.of());

    public Constants {
        imports = List.copyOf(imports);
        local = ImmutableMaps.copyOf(local);
    }
}

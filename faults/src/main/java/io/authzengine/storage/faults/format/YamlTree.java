package io.authzengine.storage.faults.format;

import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** YAML as mappings, lists and texts; what a text means is for the field to say. */
final class YamlTree {
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setSchema(new FailsafeSchema())
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(20)
            .build();

    private YamlTree() {}

    static Object read(String text) {
        try {
            // The loader cannot say nothing in this schema.
            boolean empty = new Compose(SETTINGS).composeString(text).isEmpty();
            return empty ? "" : Objects.requireNonNullElse(new Load(SETTINGS).loadFromString(text), "");
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("is not valid YAML: " + e.getMessage(), e);
        }
    }
}

package io.authzengine.storage.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.authzengine.storage.server.view.Json;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes views as YAML that says what their JSON says. */
final class Yaml {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final DumpSettings SETTINGS =
            DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();

    private Yaml() {}

    /** Returns {@code view} as one document, with a line end. */
    static String text(Object view) {
        try {
            return new Dump(SETTINGS).dumpToString(MAPPER.readValue(Json.line(view), Object.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was just written can be read", e);
        }
    }
}

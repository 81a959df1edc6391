package io.authzengine.storage.driver.database;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Makes what the column {@code content} holds of a policy that has passed the parser: the same document as JSON, to be queried. */
final class ContentJson {
    /** For what cannot be told in JSON without doubt: it states nothing, and so contradicts nothing. */
    static final String NOTHING = "{}";

    private static final JsonFactory JSON = new JsonFactory();

    private final LoadSettings settings = LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setCodePointLimit(Integer.MAX_VALUE)
            .build();
    private final ContentCheck check = new ContentCheck();

    /** Returns the JSON of {@code text}, which states the same policy; {@link #NOTHING} where that cannot be had. */
    String of(String text) {
        StringWriter json = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(json)) {
            write(new Load(settings).loadFromString(text), generator);
        } catch (YamlEngineException e) {
            return NOTHING; // Several documents, say.
        } catch (IOException e) {
            throw new UncheckedIOException(e); // From a writer into memory.
        }
        return check.disagrees(text, json.toString()) ? NOTHING : json.toString();
    }

    private static void write(@Nullable Object value, JsonGenerator json) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(entry.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object item : list) {
                write(item, json);
            }
            json.writeEndArray();
        } else if (value == null || value instanceof Boolean || value instanceof Number) {
            json.writeObject(value);
        } else {
            json.writeString(String.valueOf(value));
        }
    }
}

package io.authzengine.storage.server.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Writes views as JSON: times as ISO 8601 in UTC, fields in the order of their records. Thread-safe. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();
    private static final ObjectWriter PRETTY = MAPPER.writerWithDefaultPrettyPrinter();

    private Json() {}

    /** Returns {@code view} on one line. */
    public static String line(Object view) {
        try {
            return MAPPER.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("every view can be written", e);
        }
    }

    /** Returns {@code view} indented, for people. */
    public static String pretty(Object view) {
        try {
            return PRETTY.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("every view can be written", e);
        }
    }

    /** Returns {@code view} on one line in UTF-8. */
    public static byte[] utf8(Object view) {
        return line(view).getBytes(StandardCharsets.UTF_8);
    }
}

package io.authzengine.storage.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The JSON object a request carries, bounded, with each of its fields known. */
final class JsonBody {
    static final int MAX_BYTES = 1024 * 1024;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final JsonNode object;

    private JsonBody(JsonNode object) {
        this.object = object;
    }

    /**
     * Reads what {@code context} carries with {@code bodies}; nothing at all stands for an object without fields.
     *
     * @throws RefusedException if it is too large or too slow, no JSON object, or has a field that is not among {@code known}
     */
    static JsonBody of(Context context, BodyReader bodies, String... known) {
        byte[] bytes = bodies.read(context);
        String type = context.contentType();
        boolean isJson = type != null && type.replaceAll(";.*", "").strip().equalsIgnoreCase("application/json");
        if (bytes.length > 0 && !isJson) {
            // A form of another site's page could send anything else without asking.
            throw new RefusedException(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send JSON, with Content-Type: application/json");
        }
        JsonNode object = bytes.length == 0 ? MAPPER.createObjectNode() : parse(bytes);
        Set<String> names = new TreeSet<>(List.of(known));
        object.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw invalid("The field '" + name + "' is not known; "
                        + (names.isEmpty() ? "there are none" : "there are " + String.join(", ", names)));
            }
        });
        return new JsonBody(object);
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            @Nullable JsonNode node = MAPPER.readTree(bytes);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw invalid("The body is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw invalid("Send a JSON object");
    }

    private static RefusedException invalid(String detail) {
        return new RefusedException(ProblemCode.INVALID_JSON, detail);
    }

    Optional<String> text(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw invalid("'" + name + "' is a text");
        }
        return Optional.of(value.asText());
    }

    /** Returns a text or a whole number as text. */
    Optional<String> textOrNumber(String name) {
        JsonNode value = object.path(name);
        return value.isIntegralNumber() ? Optional.of(value.asText()) : text(name);
    }

    /** Returns whether {@code name} is true; it is not if it is absent. */
    boolean flag(String name) {
        JsonNode value = object.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw invalid("'" + name + "' is true or false");
        }
        return value.asBoolean(false);
    }
}

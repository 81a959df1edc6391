package io.authzengine.storage.parser;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** JSON, strictly, as events. A text holds one document and nothing after it. */
final class JsonEvents implements EventSource {
    /** The library's own limits are out of the way: ours come first, and say what they are. */
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private enum Stage {
        BEFORE,
        INSIDE,
        AFTER
    }

    private final Problems problems;
    private final JsonParser parser;
    private final TextPositions positions;
    private Stage stage = Stage.BEFORE;
    private int depth;
    private @Nullable Event pending;

    JsonEvents(String text, Problems problems) {
        this.problems = problems;
        this.positions = new TextPositions(text);
        try {
            this.parser = FACTORY.createParser(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a text in memory cannot fail to be read", impossible);
        }
    }

    @Override
    public Event next() {
        if (pending != null) {
            Event event = pending;
            pending = null;
            return event;
        }
        try {
            return switch (stage) {
                case BEFORE -> before();
                case INSIDE -> depth == 0 ? documentEnd() : inside(parser.nextToken());
                case AFTER -> Event.of(Event.Type.STREAM_END, positions.end());
            };
        } catch (JsonProcessingException broken) {
            int offset = broken.getLocation() == null
                    ? 0
                    : (int) broken.getLocation().getCharOffset();
            throw problems.refusal(positions.at(offset), "not valid JSON: " + broken.getOriginalMessage());
        } catch (IOException impossible) {
            throw new UncheckedIOException("a text in memory cannot fail to be read", impossible);
        }
    }

    private Event before() throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            stage = Stage.AFTER;
            return Event.of(Event.Type.STREAM_END, positions.end());
        }
        stage = Stage.INSIDE;
        Event root = inside(first);
        pending = root;
        return Event.of(Event.Type.DOCUMENT_START, root.position());
    }

    private Event documentEnd() throws IOException {
        if (parser.nextToken() != null) {
            throw problems.refusal(
                    here(), "a JSON file holds one document, found more after it", "put it into a file of its own");
        }
        stage = Stage.AFTER;
        return Event.of(Event.Type.DOCUMENT_END, positions.end());
    }

    private Event inside(@Nullable JsonToken token) throws IOException {
        if (token == null) {
            throw problems.refusal(positions.end(), "not valid JSON: it breaks off");
        }
        long here = here();
        return switch (token) {
            case START_OBJECT -> open(Event.Type.MAPPING_START, here);
            case START_ARRAY -> open(Event.Type.SEQUENCE_START, here);
            case END_OBJECT -> close(Event.Type.MAPPING_END, here);
            case END_ARRAY -> close(Event.Type.SEQUENCE_END, here);
            case FIELD_NAME, VALUE_STRING -> Event.scalar(here, parser.getText(), false);
            default -> Event.scalar(here, parser.getText(), true);
        };
    }

    private Event open(Event.Type type, long here) {
        depth++;
        return Event.of(type, here);
    }

    private Event close(Event.Type type, long here) {
        depth--;
        return Event.of(type, here);
    }

    private long here() {
        return positions.at((int) parser.currentTokenLocation().getCharOffset());
    }
}

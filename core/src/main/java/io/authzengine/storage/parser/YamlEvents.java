package io.authzengine.storage.parser;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** YAML 1.2 as events. Only the library's event parser is used: it builds nothing and resolves nothing. */
final class YamlEvents implements EventSource {
    /**
     * The library reads ahead by so many characters, and copies all it holds each time; with the small buffer, one long
     * scalar would cost the square of its length.
     */
    private static final LoadSettings SHORT = settings(1 << 12);

    private static final LoadSettings LONG = settings(1 << 18);
    private static final int LONG_TEXT = 1 << 14;

    /** The handles every document knows without a directive. */
    private static final Map<String, String> DEFAULT_TAGS = Map.of("!", "!", "!!", "tag:yaml.org,2002:");

    private final Problems problems;
    private final ParserImpl parser;

    YamlEvents(String text, Problems problems) {
        this.problems = problems;
        LoadSettings settings = text.length() < LONG_TEXT ? SHORT : LONG;
        this.parser = new ParserImpl(settings, new StreamReader(settings, text));
    }

    private static LoadSettings settings(int bufferSize) {
        return LoadSettings.builder()
                .setCodePointLimit(Integer.MAX_VALUE)
                .setBufferSize(bufferSize)
                .build();
    }

    @Override
    public Event next() {
        try {
            Event event = null;
            while (event == null) {
                event = event(parser.next());
            }
            return event;
        } catch (MarkedYamlEngineException broken) {
            throw refusal(broken);
        } catch (YamlEngineException broken) {
            throw problems.refusal(0, "not valid YAML: " + broken.getMessage());
        }
    }

    /** Returns the event as one of ours; null for the start of the stream, and for comments, which are not asked for. */
    private @Nullable Event event(org.snakeyaml.engine.v2.events.Event event) {
        return switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event);
            case MappingStart -> start(Event.Type.MAPPING_START, (CollectionStartEvent) event);
            case SequenceStart -> start(Event.Type.SEQUENCE_START, (CollectionStartEvent) event);
            case MappingEnd -> Event.of(Event.Type.MAPPING_END, position(event.getStartMark()));
            case SequenceEnd -> Event.of(Event.Type.SEQUENCE_END, position(event.getStartMark()));
            case Alias -> alias((AliasEvent) event);
            case DocumentStart -> documentStart((DocumentStartEvent) event);
            case DocumentEnd -> Event.of(Event.Type.DOCUMENT_END, position(event.getStartMark()));
            case StreamEnd -> Event.of(Event.Type.STREAM_END, position(event.getStartMark()));
            case StreamStart, Comment -> null;
        };
    }

    private static Event scalar(ScalarEvent event) {
        return new Event(
                Event.Type.SCALAR,
                position(event.getStartMark()),
                event.getValue(),
                event.isPlain(),
                event.getTag().orElse(null),
                anchor(event.getAnchor()));
    }

    private static Event start(Event.Type type, CollectionStartEvent event) {
        return new Event(
                type,
                position(event.getStartMark()),
                "",
                false,
                event.getTag().orElse(null),
                anchor(event.getAnchor()));
    }

    private static Event alias(AliasEvent event) {
        String name = event.getAlias().getValue();
        return new Event(Event.Type.ALIAS, position(event.getStartMark()), name, false, null, null);
    }

    private Event documentStart(DocumentStartEvent event) {
        long position = position(event.getStartMark());
        event.getTags().forEach((handle, prefix) -> {
            if (!prefix.equals(DEFAULT_TAGS.get(handle))) {
                throw problems.refusal(
                        position, "tags of one's own are not allowed, found the directive %TAG " + handle);
            }
        });
        return Event.of(Event.Type.DOCUMENT_START, position);
    }

    private static @Nullable String anchor(Optional<Anchor> anchor) {
        return anchor.isPresent() ? anchor.get().getValue() : null;
    }

    private static long position(Optional<Mark> mark) {
        return mark.isPresent()
                ? Event.position(mark.get().getLine() + 1, mark.get().getColumn() + 1)
                : 0;
    }

    private Refusal refusal(MarkedYamlEngineException broken) {
        String problem = Optional.ofNullable(broken.getProblem()).orElse("it breaks off");
        String context =
                Optional.ofNullable(broken.getContext()).map(what -> " " + what).orElse("");
        String message = "not valid YAML" + context + ": " + problem;
        long position = position(broken.getProblemMark());
        if (problem.contains("'\\t") || problem.contains("'\t'")) {
            return problems.refusal(position, message, "indent with spaces, YAML allows no tabs there");
        }
        return problems.refusal(position, message);
    }
}

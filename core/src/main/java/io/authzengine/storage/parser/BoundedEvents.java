package io.authzengine.storage.parser;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that are safe to build from: within the limits, counted after aliases are resolved; with scalar keys only, each once
 * in its mapping; without foreign tags; aliases replaced by what they name.
 */
final class BoundedEvents {
    private static final String MERGE = "<<";
    private static final String CORE = "tag:yaml.org,2002:";

    private static final class Level {
        private final MappingKeys keys = new MappingKeys();
        private boolean mapping;
        private boolean keyDue;
    }

    private final EventSource source;
    private final ParserLimits limits;
    private final Problems problems;
    private final boolean yaml;
    private final Anchors anchors = new Anchors();
    private final List<Level> levels = new ArrayList<>();
    private int depth;
    private int documents;
    private int nodes;
    private int aliases;
    private boolean lostFields;
    private @Nullable Event peeked;
    private @Nullable Event putBack;

    BoundedEvents(EventSource source, ParserLimits limits, Problems problems, boolean yaml) {
        this.source = source;
        this.limits = limits;
        this.problems = problems;
        this.yaml = yaml;
    }

    Event peek() {
        if (peeked == null) {
            peeked = read();
        }
        return peeked;
    }

    Event next() {
        Event event = peek();
        peeked = null;
        return event;
    }

    /** Passes over one node, with all it contains. */
    void skip() {
        skipFrom(next());
    }

    /** Returns whether a field of a document was passed over as it was given twice: nobody knows what it stated. */
    boolean hasLostFields() {
        return lostFields;
    }

    /** Passes over the node whose first event is {@code first}. */
    void skipFrom(Event first) {
        int open = first.opens() ? 1 : 0;
        while (open > 0) {
            Event event = next();
            open += event.opens() ? 1 : event.closes() ? -1 : 0;
        }
    }

    private Event read() {
        while (true) {
            Event event = accept(pull());
            if (event != null) {
                return event;
            }
        }
    }

    /** Returns the event if it is to be passed on; null if it has been dealt with. */
    private @Nullable Event accept(Event event) {
        return switch (event.type()) {
            case SCALAR -> scalar(event);
            case MAPPING_START, SEQUENCE_START -> open(event);
            case MAPPING_END, SEQUENCE_END -> close(event);
            case ALIAS -> alias(event);
            case DOCUMENT_START -> documentStart(event);
            case DOCUMENT_END, STREAM_END -> event;
        };
    }

    private Event pull() {
        if (putBack != null) {
            Event event = putBack;
            putBack = null;
            return event;
        }
        Event replayed = anchors.replayed();
        if (replayed != null) {
            return replayed;
        }
        Event event = source.next();
        Anchors.Target earlier = anchors.note(event);
        if (earlier != null) {
            problems.malformed(
                    event.position(),
                    "the anchor '" + event.anchor() + "' is already defined at "
                            + Shown.position(earlier.first().position()),
                    "give one of them another name");
        }
        return event;
    }

    private Event documentStart(Event event) {
        documents++;
        if (documents > limits.maxDocuments()) {
            throw beyond(event, "more than " + limits.maxDocuments() + " documents", "maxDocuments");
        }
        anchors.clear();
        nodes = 0;
        aliases = 0;
        return event;
    }

    private Event open(Event event) {
        Level parent = parent();
        if (parent != null && parent.mapping) {
            if (parent.keyDue) {
                throw problems.refusal(event.position(), "a key must be a text, found a mapping or a sequence");
            }
            parent.keyDue = true;
        }
        countNode(event);
        if (event.tag() != null) {
            checkTag(event, event.is(Event.Type.MAPPING_START) ? "map" : "seq");
        }
        if (depth == limits.maxDepth()) {
            throw beyond(event, "nested more than " + limits.maxDepth() + " deep", "maxDepth");
        }
        if (depth == levels.size()) {
            levels.add(new Level());
        }
        Level level = levels.get(depth++);
        level.mapping = event.is(Event.Type.MAPPING_START);
        level.keyDue = level.mapping;
        if (level.mapping) {
            level.keys.clear();
        }
        return event;
    }

    private Event close(Event event) {
        depth--;
        return event;
    }

    private @Nullable Event scalar(Event event) {
        countNode(event);
        if (event.tag() != null) {
            checkTag(event, "str", "int", "float", "bool", "null");
        }
        if (event.plain() && event.text().length() > limits.maxNumberLength() && Scalars.isNumber(event.text())) {
            throw beyond(event, "a number of more than " + limits.maxNumberLength() + " characters", "maxNumberLength");
        }
        Level level = parent();
        if (level == null || !level.mapping) {
            return event;
        }
        level.keyDue = !level.keyDue;
        return level.keyDue ? event : key(level, event);
    }

    private @Nullable Event key(Level level, Event key) {
        boolean merge = yaml && key.plain() && key.tag() == null && key.text().equals(MERGE);
        long first = level.keys.add(merge ? "\0" + MERGE : key.text(), key.position());
        if (first != 0) {
            problems.malformed(
                    key.position(),
                    "the key " + Shown.quoted(key.text()) + " is already given at " + Shown.position(first),
                    "remove one of them");
            lostFields |= depth == 1;
            skipFrom(read());
            return null;
        }
        if (merge) {
            merge(level, key);
            return null;
        }
        return key;
    }

    /** Lets the keys of an aliased mapping follow as if they stood here. */
    private void merge(Level level, Event key) {
        Event value = pull();
        Anchors.Target target = value.is(Event.Type.ALIAS) ? target(value) : null;
        if (target != null && target.first().is(Event.Type.MAPPING_START)) {
            countAlias(value);
            level.keyDue = true;
            anchors.replayInside(target);
            return;
        }
        problems.malformed(
                key.position(),
                "'<<' merges the alias of a mapping, and nothing else",
                "write '<<: *name', or the fields themselves");
        putBack = value;
        skipFrom(read());
    }

    private @Nullable Event alias(Event alias) {
        Anchors.Target target = target(alias);
        if (target.first().is(Event.Type.SCALAR)) {
            return scalar(target.first().at(alias.position()));
        }
        countAlias(alias);
        anchors.replay(target);
        return null;
    }

    private Anchors.Target target(Event alias) {
        Anchors.Target target = anchors.find(alias.text());
        if (target == null) {
            throw problems.refusal(
                    alias.position(),
                    "the alias '*" + alias.text() + "' names an anchor that is not defined before it");
        }
        if (target.isOpen()) {
            throw problems.refusal(
                    alias.position(), "the alias '*" + alias.text() + "' stands within what it names, without end");
        }
        return target;
    }

    private void countAlias(Event alias) {
        aliases++;
        if (aliases > limits.maxAliases()) {
            throw beyond(
                    alias, "more than " + limits.maxAliases() + " aliases of mappings and sequences", "maxAliases");
        }
    }

    private void countNode(Event event) {
        nodes++;
        if (nodes > limits.maxNodes()) {
            throw beyond(event, "more than " + limits.maxNodes() + " nodes after its aliases are resolved", "maxNodes");
        }
    }

    private void checkTag(Event event, String... allowed) {
        String tag = event.tag();
        if (tag == null || tag.equals("!")) {
            return;
        }
        for (String name : allowed) {
            if (tag.length() == CORE.length() + name.length() && tag.startsWith(CORE) && tag.endsWith(name)) {
                return;
            }
        }
        problems.malformed(
                event.position(),
                "the tag " + Shown.quoted(tag) + " is not allowed here, only those of YAML's core schema are",
                "remove the tag");
    }

    private @Nullable Level parent() {
        return depth == 0 ? null : levels.get(depth - 1);
    }

    private Refusal beyond(Event event, String what, String limit) {
        return problems.refusal(event.position(), what + "; the limit is " + limit);
    }
}

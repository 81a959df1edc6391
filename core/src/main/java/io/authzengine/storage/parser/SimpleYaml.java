package io.authzengine.storage.parser;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of YAML as most policies are written: block mappings and sequences, scalars and sequences of scalars on one line. It makes
 * the same events as {@link YamlEvents}, several times as fast; whatever else a text holds, an error included, it leaves to that.
 */
final class SimpleYaml implements EventSource {
    /** A collection that is open. An indentless sequence stands at the column of the key it belongs to. */
    private static final class Level {
        final int column;
        final boolean mapping;
        final boolean indentless;

        Level(int column, boolean mapping, boolean indentless) {
            this.column = column;
            this.mapping = mapping;
            this.indentless = indentless;
        }
    }

    private static final long NONE = -1;
    /** Nobody nests as deep; what does is refused by limits that are asked event by event. */
    private static final int DEEPEST = 64;

    private final SimpleLine line;
    private final int maxEvents;
    private final List<Event> events = new ArrayList<>();
    private final ArrayList<Level> levels = new ArrayList<>();
    /** Where the node begins, if it is empty, that a key or a dash has announced and that has not come yet. */
    private long due = NONE;

    private boolean inDocument;
    private boolean rootSeen;
    private int served;

    private SimpleYaml(String text, int maxEvents) {
        this.line = new SimpleLine(text);
        this.maxEvents = maxEvents;
    }

    /**
     * Returns the events of {@code text}; null if it is not as simple as that, or if there would be more than {@code maxEvents} and it is
     * better read bit by bit.
     */
    static @Nullable SimpleYaml of(String text, int maxEvents) {
        SimpleYaml yaml = new SimpleYaml(text, maxEvents);
        return SimpleLine.allows(text) && yaml.read() ? yaml : null;
    }

    @Override
    public Event next() {
        return events.get(served++);
    }

    private boolean read() {
        while (line.next()) {
            if (events.size() > maxEvents || !(line.isDocumentStart() ? documentStart() : content())) {
                return false;
            }
        }
        if (!inDocument || !endDocument()) {
            return false;
        }
        events.add(Event.of(Event.Type.STREAM_END, line.position()));
        return true;
    }

    private boolean documentStart() {
        if (inDocument && !endDocument()) {
            return false;
        }
        return line.isOnlyMarker() && startDocument();
    }

    private boolean startDocument() {
        events.add(Event.of(Event.Type.DOCUMENT_START, line.position()));
        inDocument = true;
        rootSeen = false;
        return true;
    }

    /** Ends the document before the present position; a document without content is not simple. */
    private boolean endDocument() {
        if (!rootSeen) {
            return false;
        }
        closeDue();
        closeDeeperThan(-1);
        events.add(Event.of(Event.Type.DOCUMENT_END, line.position()));
        inDocument = false;
        return true;
    }

    private boolean content() {
        if (!inDocument) {
            startDocument();
        }
        int column = line.column();
        boolean dash = line.atDash();
        boolean nested = !rootSeen;
        Level top = top();
        if (due != NONE && top != null) {
            nested = column > top.column || (dash && top.mapping && column == top.column);
            if (!nested) {
                closeDue();
            }
        }
        due = NONE;
        if (!nested) {
            closeDeeperThan(column);
            closeIndentless(column, dash);
            Level level = top();
            if (level == null || level.column != column || level.mapping == dash) {
                return false;
            }
        }
        rootSeen = true;
        return dash ? item(nested) : entry(nested);
    }

    /** Reads a dash and what follows on its line. */
    private boolean item(boolean first) {
        if (first) {
            Level top = top();
            open(line.column(), false, top != null && top.mapping && top.column == line.column());
        }
        line.skipDash();
        long after = line.position();
        if (!line.skipSpaces()) {
            due = after;
            return true;
        }
        if (levels.size() == DEEPEST) {
            return false;
        }
        if (line.atDash()) {
            return item(true);
        }
        return line.findKey() ? entry(true) : line.value(events);
    }

    /** Reads a key and what follows on its line. */
    private boolean entry(boolean first) {
        if (!line.findKey()) {
            return false;
        }
        if (first) {
            open(line.column(), true, false);
        }
        if (!line.key(events)) {
            return false;
        }
        long after = line.position();
        if (!line.skipSpaces()) {
            due = after;
            return true;
        }
        return line.value(events);
    }

    private void open(int column, boolean mapping, boolean indentless) {
        levels.add(new Level(column, mapping, indentless));
        events.add(Event.of(mapping ? Event.Type.MAPPING_START : Event.Type.SEQUENCE_START, line.position()));
    }

    private void closeDue() {
        if (due != NONE) {
            events.add(Event.scalar(due, "", true));
            due = NONE;
        }
    }

    private void closeDeeperThan(int column) {
        for (Level top = top(); top != null && top.column > column; top = top()) {
            close(top);
        }
    }

    private void closeIndentless(int column, boolean dash) {
        Level top = top();
        if (top != null && top.indentless && top.column == column && !dash) {
            close(top);
        }
    }

    private void close(Level level) {
        levels.remove(levels.size() - 1);
        events.add(Event.of(level.mapping ? Event.Type.MAPPING_END : Event.Type.SEQUENCE_END, line.position()));
    }

    private @Nullable Level top() {
        return levels.isEmpty() ? null : levels.get(levels.size() - 1);
    }
}

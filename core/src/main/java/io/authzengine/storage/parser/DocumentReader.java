package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the typed parts that policies are made of. The place decides what a scalar is: where a text is due, {@code no} and
 * {@code 20210210} are texts. What is wrong is noted, something harmless is returned, and the reading goes on; a document
 * with an error is not built, so that what was returned does not matter.
 */
final class DocumentReader {
    private final BoundedEvents events;
    private final Problems problems;
    private final CommonStrings strings;
    private final MappingKeys listed = new MappingKeys(); // What names() has read so far; its lists do not nest.

    DocumentReader(BoundedEvents events, Problems problems, CommonStrings strings) {
        this.events = events;
        this.problems = problems;
        this.strings = strings;
    }

    Problems problems() {
        return problems;
    }

    /** Enters the mapping that is due as {@code what}; false if there is none, and it has been passed over. */
    boolean enterMapping(String what) {
        return enter(Event.Type.MAPPING_START, what, "a mapping");
    }

    /** Enters the sequence that is due as {@code what}; false if there is none, and it has been passed over. */
    boolean enterSequence(String what) {
        return enter(Event.Type.SEQUENCE_START, what, "a sequence");
    }

    /** Returns the next key of the mapping that was entered, or null at its end. */
    @Nullable
    Event nextKey() {
        Event event = events.next();
        return event.is(Event.Type.MAPPING_END) ? null : event;
    }

    /** Returns whether the sequence that was entered has one more item. */
    boolean nextItem() {
        if (!events.peek().is(Event.Type.SEQUENCE_END)) {
            return true;
        }
        events.next();
        return false;
    }

    /** Returns where the node begins that is read next. */
    long position() {
        return events.peek().position();
    }

    /** Returns whether a sequence is read next. */
    boolean isAtSequence() {
        return events.peek().is(Event.Type.SEQUENCE_START);
    }

    void skip() {
        events.skip();
    }

    /** Notes that {@code key} is no field of {@code where}, and passes over its value. */
    void unknown(Event key, String where, List<String> fields) {
        String message = where + " has no field " + Shown.quoted(key.text()) + ", expected "
                + (fields.size() == 1 ? "" : "one of ") + String.join(", ", fields);
        Suggestions.nearest(key.text(), fields)
                .ifPresentOrElse(
                        meant -> problems.invalid(key.position(), message, "did you mean '" + meant + "'?"),
                        () -> problems.invalid(key.position(), message));
        events.skip();
    }

    /** Notes that the field {@code name} is missing. */
    void missing(long position, String where, String name, String fix) {
        problems.invalid(position, where + " needs the field '" + name + "'", fix);
    }

    /** Reads a text; nothing counts as an empty one. */
    String text(String what) {
        Event event = events.next();
        if (!event.is(Event.Type.SCALAR)) {
            problems.invalid(event.position(), what + " must be a text, found " + Shown.kind(event));
            events.skipFrom(event);
            return "";
        }
        if (!event.plain()) {
            return strings.share(event.text());
        }
        if (event.isNull()) {
            return "";
        }
        if (Scalars.hasPoint(event.text())) {
            problems.invalid(
                    event.position(),
                    what + " must be a text, and " + event.text() + " is a number",
                    "put it in quotes");
        }
        return strings.share(event.text());
    }

    /** Reads a name that must keep {@code rule}. */
    String name(String what, NameRule rule) {
        long position = position();
        int errors = problems.errors();
        String name = text(what);
        if (errors == problems.errors()) {
            checkName(what, rule, name, position);
        }
        return name;
    }

    /** Reads a CEL expression, which is kept as written. */
    String expression(String what) {
        long position = position();
        int errors = problems.errors();
        String expression = text(what);
        if (expression.isBlank() && errors == problems.errors()) {
            problems.invalid(position, what + " is empty, expected an expression");
        }
        return expression;
    }

    boolean truth(String what) {
        Event event = events.next();
        Boolean truth = (event.is(Event.Type.SCALAR) && event.plain()) ? Scalars.truth(event.text()) : null;
        if (truth == null) {
            problems.invalid(
                    event.position(),
                    what + " must be true or false, found " + Shown.kind(event),
                    "write true or false");
            events.skipFrom(event);
            return false;
        }
        return truth;
    }

    /** Reads a sequence of names without repetition. */
    List<String> names(String what, NameRule rule) {
        if (!enterSequence(what)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        listed.clear();
        while (nextItem()) {
            long position = position();
            String name = name(what, rule);
            long first = listed.add(name, position);
            if (first != 0) {
                problems.invalid(
                        position,
                        what + ": " + Shown.quoted(name) + " is already given at " + Shown.position(first),
                        "remove one of them");
            }
            names.add(name);
        }
        return strings.share(names);
    }

    /** As {@link #names}, but of at least one. */
    List<String> someNames(String what, NameRule rule) {
        long position = position();
        int errors = problems.errors();
        List<String> names = names(what, rule);
        if (names.isEmpty() && errors == problems.errors()) {
            problems.invalid(position, what + " must not be empty, expected at least one");
        }
        return names;
    }

    /** Reads expressions by the name of the variable they define. */
    Map<String, String> expressions(String what) {
        if (!enterMapping(what)) {
            return Map.of();
        }
        Map<String, String> expressions = new LinkedHashMap<>();
        for (Event key = nextKey(); key != null; key = nextKey()) {
            checkName("a variable", NameRule.VARIABLE, key.text(), key.position());
            expressions.put(strings.share(key.text()), expression("a variable"));
        }
        return expressions;
    }

    /** Reads texts by name. */
    Map<String, String> texts(String what) {
        if (!enterMapping(what)) {
            return Map.of();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Event key = nextKey(); key != null; key = nextKey()) {
            texts.put(strings.share(key.text()), text(what));
        }
        return texts;
    }

    /** Reads values by the name of the constant they define. */
    Map<String, Value> constants(String what) {
        if (!enterMapping(what)) {
            return Map.of();
        }
        Map<String, Value> values = new LinkedHashMap<>();
        for (Event key = nextKey(); key != null; key = nextKey()) {
            checkName("a constant", NameRule.VARIABLE, key.text(), key.position());
            values.put(strings.share(key.text()), value());
        }
        return values;
    }

    /** Reads any value. */
    Value value() {
        Event event = events.next();
        return switch (event.type()) {
            case MAPPING_START -> struct();
            case SEQUENCE_START -> array();
            default -> scalar(event);
        };
    }

    private Value struct() {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (Event key = nextKey(); key != null; key = nextKey()) {
            fields.put(strings.share(key.text()), value());
        }
        return new Value.Struct(fields);
    }

    private Value array() {
        List<Value> items = new ArrayList<>();
        while (nextItem()) {
            items.add(value());
        }
        return new Value.Array(items);
    }

    private Value scalar(Event event) {
        boolean text = event.tag() == null
                ? !event.plain()
                : event.tag().endsWith("str") || event.tag().equals("!");
        if (text) {
            return new Value.Text(strings.share(event.text()));
        }
        Value value = Scalars.resolve(event.text());
        if (value == null) {
            problems.invalid(
                    event.position(),
                    "a number must be finite and within the range of a double, found " + event.text(),
                    "put it in quotes if a text is meant");
            return Value.NULL;
        }
        return value instanceof Value.Text ? new Value.Text(strings.share(event.text())) : value;
    }

    private boolean enter(Event.Type type, String what, String expected) {
        Event event = events.next();
        if (event.is(type)) {
            return true;
        }
        problems.invalid(event.position(), what + " must be " + expected + ", found " + Shown.kind(event));
        events.skipFrom(event);
        return false;
    }

    private void checkName(String what, NameRule rule, String name, long position) {
        if (!rule.accepts(name)) {
            problems.invalid(
                    position,
                    name.isEmpty()
                            ? what + " is empty, expected " + rule.expected()
                            : what + " " + Shown.quoted(name) + " is not valid, expected " + rule.expected());
            return;
        }
        if (name.length() > NameRule.LONGEST) {
            problems.invalid(
                    position, what + " has " + name.length() + " characters, expected at most " + NameRule.LONGEST);
            return;
        }
        String complaint = Hygiene.complaint(name);
        if (complaint != null) {
            problems.invalid(position, what + " " + Shown.quoted(name) + " " + complaint, "write it anew by hand");
        } else if (Hygiene.mixesLookalikes(name)) {
            problems.warning(
                    position,
                    what + " " + Shown.quoted(name) + " mixes letters of different scripts that look alike",
                    "check that it is the name you mean");
        }
    }
}

package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the line on which a part of a policy stands, by reading its text once more: positions are wanted so rarely that no policy carries
 * them. Immutable and thread-safe.
 */
public final class PolicyLines {
    /** Deep enough for an action of a rule of a principal policy. */
    private static final int DEEPEST = 5;

    private static final ParserLimits LIMITS = new ParserLimits(
            Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 1024);

    private final Map<List<String>, Integer> lines = new HashMap<>();
    private final int first;

    private PolicyLines(int first) {
        this.first = first;
    }

    /** Reads the text of {@code policy}, which was read from one document. */
    public static PolicyLines of(Policy policy) {
        PolicyLines found = new PolicyLines(policy.metadata().provenance().line());
        String location = policy.metadata().provenance().document();
        Problems problems = new Problems(location);
        String text = DocumentText.decode(policy.raw().toByteArray(), problems);
        boolean json = location.toLowerCase(Locale.ROOT).endsWith(".json");
        EventSource source = json ? new JsonEvents(text, problems) : new YamlEvents(text, problems);
        try {
            found.document(new BoundedEvents(source, LIMITS, problems, !json));
        } catch (Refusal | StackOverflowError e) {
            // It was read before, so this is a limit of this class, and the line of the document has to do.
            found.lines.clear();
        }
        return found;
    }

    /**
     * Returns the line, from 1, in the policy's location.
     *
     * @param path keys of mappings and indices of sequences, from 0, as texts
     * @return the line of the policy itself if there is nothing at {@code path}
     */
    public int line(List<String> path) {
        return lines.getOrDefault(path, first);
    }

    private void document(BoundedEvents events) {
        while (!events.next().is(Event.Type.STREAM_END)) {
            if (events.peek().is(Event.Type.MAPPING_START)) {
                node(events, List.of());
                return;
            }
        }
    }

    private void node(BoundedEvents events, List<String> path) {
        Event start = events.next();
        if (!start.opens() || path.size() == DEEPEST) {
            events.skipFrom(start);
        } else if (start.is(Event.Type.SEQUENCE_START)) {
            for (int i = 0; !events.peek().is(Event.Type.SEQUENCE_END); i++) {
                child(events, path, Integer.toString(i), events.peek().position());
            }
            events.next();
        } else {
            for (Event key = events.next(); !key.is(Event.Type.MAPPING_END); key = events.next()) {
                child(events, path, key.text(), key.position());
            }
        }
    }

    private void child(BoundedEvents events, List<String> path, String name, long position) {
        List<String> below = new ArrayList<>(path);
        below.add(name);
        lines.put(List.copyOf(below), first + Event.line(position) - 1);
        node(events, below);
    }
}

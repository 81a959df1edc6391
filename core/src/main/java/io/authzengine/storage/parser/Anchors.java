package io.authzengine.storage.parser;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the anchors of one document name. From the first anchored mapping or sequence on, all events are kept once; an
 * anchor is a span of them, so that anchors within anchors cost nothing more.
 */
final class Anchors {
    private static final int OPEN = -1;

    /** What an anchor names: the events {@code [from, to)} of the log, or a scalar. */
    static final class Target {
        private final Event first;
        private final int from;
        private int to = OPEN;

        private Target(Event first, int from) {
            this.first = first;
            this.from = from;
        }

        Event first() {
            return first;
        }

        /** Returns whether what it names is not finished yet, so that an alias to it would contain itself. */
        boolean isOpen() {
            return first.opens() && to == OPEN;
        }
    }

    /** A walk through events that were kept. */
    private static final class Replay {
        private int next;
        private final int end;

        Replay(int next, int end) {
            this.next = next;
            this.end = end;
        }
    }

    private final Map<String, Target> targets = new HashMap<>();
    private final Deque<Target> open = new ArrayDeque<>();
    private final Deque<Replay> replays = new ArrayDeque<>();
    private final List<Event> log = new ArrayList<>();
    private boolean logging;
    private int depth;
    private final Deque<Integer> openDepths = new ArrayDeque<>();

    /** Forgets everything, for the next document. */
    void clear() {
        if (!targets.isEmpty()) {
            targets.clear();
            log.clear();
        }
        open.clear();
        openDepths.clear();
        replays.clear();
        logging = false;
        depth = 0;
    }

    /** Takes notice of an event read from the text; returns what its anchor named before, if it is used again. */
    @Nullable
    Target note(Event event) {
        Target earlier = event.anchor() == null ? null : define(event.anchor(), event);
        if (logging) {
            log.add(event);
        }
        if (event.opens()) {
            depth++;
        } else if (event.closes()) {
            depth--;
            close();
        }
        return earlier;
    }

    @Nullable
    Target find(String name) {
        return targets.get(name);
    }

    /** Lets {@link #replayed} return the events of {@code target} from now on. */
    void replay(Target target) {
        replays.push(new Replay(target.from, target.to));
    }

    /** As {@link #replay}, but without the events that open and close it. */
    void replayInside(Target target) {
        replays.push(new Replay(target.from + 1, target.to - 1));
    }

    /** Returns the next event that is to be played again; null if there is none. */
    @Nullable
    Event replayed() {
        while (!replays.isEmpty()) {
            Replay replay = replays.peek();
            if (replay.next < replay.end) {
                return log.get(replay.next++);
            }
            replays.pop();
        }
        return null;
    }

    private @Nullable Target define(String name, Event event) {
        Target target = new Target(event, log.size());
        if (event.opens()) {
            logging = true;
            open.push(target);
            openDepths.push(depth);
        }
        return targets.put(name, target);
    }

    private void close() {
        if (!openDepths.isEmpty() && openDepths.peek() == depth) {
            openDepths.pop();
            open.pop().to = log.size();
        }
    }
}

package io.authzengine.storage.internal.disk;

import io.authzengine.storage.snapshot.Note;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What was decided against the source, as the disk keeps it.
 *
 * @param number counts the decisions of a store, so that of two states the later is known
 * @param aside the sets that are not to be applied, oldest first
 * @param standing the decisions that are not over
 */
public record Decisions(long number, List<Aside> aside, List<Standing> standing) {
    /** Nothing was ever decided. */
    public static final Decisions NONE = new Decisions(0, List.of(), List.of());

    /**
     * A set that is not to be applied.
     *
     * @param digest its digest; computed only when it is asked for, as that takes a while
     * @param broken the locations that were broken when it was set aside
     */
    public record Aside(Supplier<String> digest, Set<String> broken) {}

    /**
     * A decision that is not over.
     *
     * @param reason the name of its sort
     */
    public record Standing(String reason, Instant since, Note note) {}

    public Decisions {
        aside = List.copyOf(aside);
        standing = List.copyOf(standing);
    }

    static void write(ByteWriter out, Decisions decisions) {
        out.number(decisions.number());
        out.list(decisions.aside(), (into, set) -> {
            into.text(set.digest().get());
            into.texts(set.broken());
        });
        out.list(decisions.standing(), (into, decision) -> {
            into.text(decision.reason());
            into.instant(decision.since());
            into.text(decision.note().comment());
            into.text(decision.note().author());
        });
    }

    static Decisions read(ByteReader in) {
        return new Decisions(
                in.number(),
                in.list(Decisions::aside),
                in.list(from -> new Standing(from.text(), from.instant(), new Note(from.text(), from.text()))));
    }

    private static Aside aside(ByteReader in) {
        String digest = in.text();
        return new Aside(() -> digest, Set.copyOf(in.list(ByteReader::text)));
    }
}

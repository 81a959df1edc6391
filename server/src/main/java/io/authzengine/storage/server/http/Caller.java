package io.authzengine.storage.server.http;

import io.authzengine.storage.snapshot.Note;
import io.javalin.http.Context;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Who made a request.
 *
 * @param name who it is; empty if nobody was asked
 * @param address where it came from
 * @param rights what they may do
 */
record Caller(String name, String address, Set<Right> rights) {
    private static final String ATTRIBUTE = "policyd.caller";

    /** Somebody who was not asked, and may do everything. */
    static Caller anybody(String address) {
        return new Caller("", address, EnumSet.allOf(Right.class));
    }

    void attachTo(Context context) {
        context.attribute(ATTRIBUTE, this);
    }

    static Caller of(Context context) {
        return Objects.requireNonNull(context.<Caller>attribute(ATTRIBUTE), "every request passes the guard");
    }

    /** Returns a note that says who and from where; {@code claimed} is who they say it is for, and empty if nobody. */
    Note note(String reason, String claimed) {
        String proven = (name.isEmpty() ? "someone" : name) + " at " + address;
        return Note.of(reason).by(claimed.isBlank() ? proven : claimed + " (" + proven + ")");
    }

    List<String> rightNames() {
        return rights.stream()
                .sorted()
                .map(right -> right.name().toLowerCase(Locale.ROOT))
                .toList();
    }
}

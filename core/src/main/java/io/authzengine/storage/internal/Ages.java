package io.authzengine.storage.internal;

import java.time.Duration;

/** How old something is, for people. */
final class Ages {
    private Ages() {}

    /** Returns the two largest units, such as {@code 2 h 5 min}; what is shorter than a second is {@code 0 s}. */
    static String text(Duration age) {
        long[] amounts = {age.toDays(), age.toHoursPart(), age.toMinutesPart(), age.toSecondsPart()};
        String[] units = {" d", " h", " min", " s"};
        int first = 0;
        while (first < units.length - 1 && amounts[first] == 0) {
            first++;
        }
        String text = amounts[first] + units[first];
        boolean more = first < units.length - 1 && amounts[first + 1] > 0;
        return more ? text + " " + amounts[first + 1] + units[first + 1] : text;
    }
}

package io.authzengine.storage.internal.disk;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file of an archive.
 *
 * @param place counts the files that were ever written there, from 1: what tells older from newer
 * @param version the newest version that had been served by then, so that its number is not given again even if the file is lost
 * @param full whether the file needs no other
 */
record SegmentName(long place, long version, boolean full) implements Comparable<SegmentName> {
    /** What is being written; never read. */
    static final String UNFINISHED = ".tmp";

    /** What was not as it should be; never read, kept for whoever wants to look at it. */
    static final String DAMAGED = ".damaged";

    private static final Pattern FORM = Pattern.compile("(\\d{12})-v(\\d{1,18})\\.(full|part)");

    /** A full file comes after a part of the same place: the part was given up. */
    private static final Comparator<SegmentName> ORDER =
            Comparator.comparingLong(SegmentName::place).thenComparing(SegmentName::full);

    static Optional<SegmentName> parse(String name) {
        Matcher matcher = FORM.matcher(name);
        return matcher.matches()
                ? Optional.of(new SegmentName(
                        Long.parseLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        matcher.group(3).equals("full")))
                : Optional.empty();
    }

    /** Returns what {@code name} was called before it was set aside, if it was. */
    static Optional<SegmentName> parseAlsoDamaged(String name) {
        return parse(name.endsWith(DAMAGED) ? name.substring(0, name.length() - DAMAGED.length()) : name);
    }

    @Override
    public int compareTo(SegmentName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return String.format("%012d-v%d.%s", place, version, full ? "full" : "part");
    }
}

package io.authzengine.storage.testkit;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.launcher.TestIdentifier;

/** Which check catches which mutant, as a table of Markdown and its place in a page. */
final class MutantTable {
    private static final String BEGIN = "<!-- The mutants; written by the build, see below. -->\n";
    private static final String END = "<!-- End of the mutants. -->\n";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.+?) \\| (\\w+) \\| (.+?) \\|$");
    private static final String HEADER = "| a driver that … | topic | the promise it breaks |\n|---|---|---|\n";

    private final TreeMap<String, Caught> byName;

    /** The check that fails for a mutant. */
    record Caught(String topic, String promise) {
        /** Returns the check that {@code test} is, or what is found at the end of a scenario if it is none. */
        static Caught by(TestIdentifier test) {
            String topic = "";
            for (UniqueId.Segment segment : test.getUniqueIdObject().getSegments()) {
                if (segment.getType().equals("nested-class")) {
                    topic = segment.getValue();
                }
            }
            return new Caught(topic, test.isTest() ? test.getDisplayName() : "Everything ends with the driver.");
        }
    }

    MutantTable(Map<String, Caught> caught) {
        byName = new TreeMap<>(caught);
    }

    /** Returns the table in {@code page}. */
    static MutantTable read(String page) {
        Map<String, Caught> caught = new TreeMap<>();
        Matcher row = ROW.matcher(page.substring(begin(page), page.indexOf(END)).replace(HEADER, ""));
        while (row.find()) {
            caught.put(row.group(1), new Caught(row.group(2), row.group(3)));
        }
        return new MutantTable(caught);
    }

    private static int begin(String page) {
        int begin = page.indexOf(BEGIN);
        if (begin < 0 || page.indexOf(END) < begin) {
            throw new IllegalArgumentException("the page has no place for the mutants, between\n" + BEGIN + END);
        }
        return begin + BEGIN.length();
    }

    @Nullable
    Caught of(Mutant mutant) {
        return byName.get(mutant.name());
    }

    Set<String> names() {
        return byName.keySet();
    }

    String markdown() {
        StringBuilder table = new StringBuilder(HEADER);
        byName.forEach((name, caught) -> table.append("| ")
                .append(name)
                .append(" | ")
                .append(caught.topic())
                .append(" | ")
                .append(caught.promise())
                .append(" |\n"));
        return table.toString();
    }

    /** Returns {@code page} with this table in its place. */
    String into(String page) {
        return page.substring(0, begin(page)) + markdown() + page.substring(page.indexOf(END));
    }
}

package io.authzengine.storage.driver.database;

import java.util.regex.Pattern;

/** Names that cannot be parameters of a statement: checked against a narrow form, and quoted all the same. */
final class Identifier {
    private static final Pattern FORM = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]{0,62}");
    /** What is added to the name of the table for the tables beside it must still fit. */
    private static final int LONGEST = 48;

    private Identifier() {}

    /** Refuses what is no plain name. */
    static void check(String key, String name) {
        if (!FORM.matcher(name).matches() || name.length() > LONGEST) {
            throw new IllegalArgumentException(
                    key + ": expected a name of letters, digits, _ and $ that does not begin with a digit, " + "of "
                            + LONGEST + " characters at most");
        }
    }

    /** Returns {@code name} quoted for {@code dialect}. */
    static String quoted(Dialect dialect, String name) {
        char quote = dialect == Dialect.POSTGRESQL ? '"' : '`';
        return quote + name + quote;
    }
}

package io.authzengine.storage.parser;

/**
 * Lets equal short texts of many documents share one string: roles, actions, names and many an expression come again and
 * again. Thread-safe without locks: a lost entry costs a little memory and nothing else.
 */
final class CommonStrings {
    private static final int SLOTS = 1 << 12;
    private static final int LONGEST = 96;

    private final String[] slots = new String[SLOTS];

    String share(String text) {
        if (text.length() > LONGEST) {
            return text;
        }
        int hash = text.hashCode();
        int slot = (hash ^ (hash >>> 13)) & (SLOTS - 1);
        String known = slots[slot];
        if (text.equals(known)) {
            return known;
        }
        slots[slot] = text;
        return text;
    }
}

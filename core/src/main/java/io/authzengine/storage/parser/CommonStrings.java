package io.authzengine.storage.parser;

import java.util.List;

/**
 * Lets equal short texts of many documents share one string: roles, actions, names and many an expression come again and
 * again, and so do lists of them. Thread-safe without locks: a lost entry costs a little memory and nothing else.
 */
final class CommonStrings {
    private static final int SLOTS = 1 << 14;
    private static final int LONGEST = 96;

    private static final int MOST = 8;

    private final String[] slots = new String[SLOTS];
    private final List<?>[] lists = new List<?>[SLOTS];

    String share(String text) {
        if (text.length() > LONGEST) {
            return text;
        }
        int slot = slot(text.hashCode());
        String known = slots[slot];
        if (text.equals(known)) {
            return known;
        }
        slots[slot] = text;
        return text;
    }

    /** Returns an unmodifiable list of these texts. */
    @SuppressWarnings("unchecked") // Lists of texts are all that is put there.
    List<String> share(List<String> texts) {
        if (texts.size() > MOST) {
            return List.copyOf(texts);
        }
        int slot = slot(texts.hashCode());
        List<?> known = lists[slot];
        if (texts.equals(known)) {
            return (List<String>) known;
        }
        List<String> copy = List.copyOf(texts);
        lists[slot] = copy;
        return copy;
    }

    private static int slot(int hash) {
        return (hash ^ (hash >>> 13)) & (SLOTS - 1);
    }
}

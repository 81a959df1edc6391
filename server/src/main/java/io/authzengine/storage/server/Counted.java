package io.authzengine.storage.server;

/** A number with its noun. */
final class Counted {
    private Counted() {}

    /** Returns {@code 1 error}, {@code 2 errors}, {@code 0 policies}. */
    static String of(long count, String noun) {
        String plural = noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
        return count + " " + (count == 1 ? noun : plural);
    }
}

package io.authzengine.storage.parser;

import java.util.List;
import java.util.Optional;

/** Finds the name somebody may have meant. */
final class Suggestions {
    private static final int FARTHEST = 3;
    private static final int LONGEST = 64;

    private Suggestions() {}

    /** Returns the name nearest to {@code written}, if one is near enough to be meant. */
    static Optional<String> nearest(String written, List<String> names) {
        if (written.length() > LONGEST) {
            return Optional.empty();
        }
        String plain = plain(written);
        int best = Math.min(FARTHEST, plain.length() / 3 + 1);
        Optional<String> nearest = Optional.empty();
        for (String name : names) {
            int distance = distance(plain, plain(name));
            if (distance < best) {
                best = distance;
                nearest = Optional.of(name);
            }
        }
        return nearest;
    }

    /** Returns a name without what people get wrong first: case, and the marks between words. */
    private static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char at = name.charAt(i);
            if (at != '_' && at != '-' && at != ' ') {
                plain.append(Character.toLowerCase(at));
            }
        }
        return plain.toString();
    }

    /** Returns how many characters have to be put in, taken out or changed to get from one to the other. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int above = row[j];
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}

package io.authzengine.storage.diff;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Finds which items two lists have in common, in order, so that as few as possible are left over: Myers' greedy algorithm. */
final class Alignment {
    /** Beyond so many differences the lists count as having nothing in common but their beginning and end. */
    private static final int MOST_DIFFERENCES = 1000;

    private Alignment() {}

    /** Two equal items, by their places. */
    record Pair(int before, int after) {}

    /** Returns the pairs, ascending in both places. */
    static <T> List<Pair> of(List<T> before, List<T> after) {
        int shorter = Math.min(before.size(), after.size());
        int head = 0;
        while (head < shorter && before.get(head).equals(after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < shorter - head
                && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < head; i++) {
            pairs.add(new Pair(i, i));
        }
        for (Pair pair : middle(before.subList(head, before.size() - tail), after.subList(head, after.size() - tail))) {
            pairs.add(new Pair(head + pair.before(), head + pair.after()));
        }
        for (int i = tail; i > 0; i--) {
            pairs.add(new Pair(before.size() - i, after.size() - i));
        }
        return pairs;
    }

    private static <T> Deque<Pair> middle(List<T> before, List<T> after) {
        int most = Math.min(before.size() + after.size(), MOST_DIFFERENCES);
        int[] reached = new int[2 * most + 3]; // By diagonal, how far into 'before' so many differences lead.
        List<int[]> trace = new ArrayList<>();
        for (int differences = 0; differences <= most; differences++) {
            trace.add(Arrays.copyOfRange(reached, most + 1 - differences - 1, most + 1 + differences + 2));
            for (int diagonal = -differences; diagonal <= differences; diagonal += 2) {
                int at = most + 1 + diagonal;
                boolean down =
                        diagonal == -differences || (diagonal != differences && reached[at - 1] < reached[at + 1]);
                int x = down ? reached[at + 1] : reached[at - 1] + 1;
                while (x < before.size()
                        && x - diagonal < after.size()
                        && before.get(x).equals(after.get(x - diagonal))) {
                    x++;
                }
                reached[at] = x;
                if (x >= before.size() && x - diagonal >= after.size()) {
                    return backtrack(trace, before.size(), after.size());
                }
            }
        }
        return new ArrayDeque<>();
    }

    private static Deque<Pair> backtrack(List<int[]> trace, int beforeSize, int afterSize) {
        Deque<Pair> pairs = new ArrayDeque<>();
        int x = beforeSize;
        int y = afterSize;
        for (int differences = trace.size() - 1; differences >= 0; differences--) {
            int[] reached = trace.get(differences);
            int diagonal = x - y;
            int at = differences + 1 + diagonal;
            boolean down = diagonal == -differences || (diagonal != differences && reached[at - 1] < reached[at + 1]);
            int startX = down ? reached[at + 1] : reached[at - 1] + 1;
            int fromX = differences == 0 ? 0 : startX;
            while (x > fromX) {
                pairs.addFirst(new Pair(--x, --y));
            }
            if (down) {
                y = x - (diagonal + 1);
            } else {
                x--;
                y = x - (diagonal - 1);
            }
        }
        return pairs;
    }
}

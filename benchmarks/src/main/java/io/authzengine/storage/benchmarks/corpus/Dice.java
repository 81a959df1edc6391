package io.authzengine.storage.benchmarks.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Seeded choices. Not thread-safe. */
final class Dice {
    private final SplittableRandom random;

    Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Returns a number of {@code low} to {@code high}, both included. */
    int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    /** Returns true so often in a hundred. */
    boolean percent(int often) {
        return random.nextInt(100) < often;
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Returns {@code count} different ones, in the order they are listed in. */
    <T> List<T> some(List<T> of, int count) {
        List<T> chosen = new ArrayList<>(count);
        int wanted = Math.min(count, of.size());
        for (int i = 0; chosen.size() < wanted; i++) {
            if (random.nextInt(of.size() - i) < wanted - chosen.size()) {
                chosen.add(of.get(i));
            }
        }
        return chosen;
    }
}

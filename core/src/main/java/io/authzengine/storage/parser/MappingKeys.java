package io.authzengine.storage.parser;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys a mapping has had so far. Made for the handful that policies have; many go into a hash map. */
final class MappingKeys {
    private static final int FEW = 12;

    private final String[] names = new String[FEW];
    private final long[] positions = new long[FEW];
    private int count;
    private @Nullable Map<String, Long> many;

    /** Forgets all keys, for the next mapping at the same depth. */
    void clear() {
        Arrays.fill(names, 0, count, "");
        count = 0;
        many = null;
    }

    /** Adds a key; returns the position of an equal one that was there before, or 0 if there is none. */
    long add(String name, long position) {
        if (many != null) {
            Long first = many.putIfAbsent(name, position);
            return first == null ? 0 : first;
        }
        for (int i = 0; i < count; i++) {
            if (names[i].equals(name)) {
                return positions[i];
            }
        }
        if (count == FEW) {
            many = new HashMap<>();
            for (int i = 0; i < FEW; i++) {
                many.put(names[i], positions[i]);
            }
            many.put(name, position);
            return 0;
        }
        names[count] = name;
        positions[count] = position;
        count++;
        return 0;
    }
}

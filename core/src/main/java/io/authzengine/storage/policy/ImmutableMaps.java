package io.authzengine.storage.policy;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** Copies of maps for the records of this package. */
final class ImmutableMaps {
    /** Beyond it {@link Map#copyOf} could be slowed down by keys that are made to collide: it searches in a line. */
    private static final int FEW = 256;

    private ImmutableMaps() {}

    static <V> Map<String, V> copyOf(Map<String, V> map) {
        return map.size() <= FEW ? Map.copyOf(map) : Collections.unmodifiableMap(new HashMap<>(map));
    }
}

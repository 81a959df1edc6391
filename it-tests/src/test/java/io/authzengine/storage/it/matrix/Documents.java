package io.authzengine.storage.it.matrix;

import io.authzengine.storage.testkit.SamplePolicies;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** What the backends hold: documents by name, each so large that no answer fits into a packet. */
final class Documents {
    private static final int MANY = 12;
    private static final int PADDING = 4_000;

    private Documents() {}

    /** Returns a whole set: some resources, one of which imports roles. */
    static Map<String, String> all() {
        Map<String, String> all = new TreeMap<>();
        for (int i = 1; i <= MANY; i++) {
            all.put(name(i), padded(SamplePolicies.resource("thing" + i), i));
        }
        all.put("roles.yaml", SamplePolicies.derivedRoles("ranks"));
        all.put("ranked.yaml", SamplePolicies.resourceWithDerivedRoles("ranked", "default", "ranks"));
        return all;
    }

    static String name(int number) {
        return "thing%02d.yaml".formatted(number);
    }

    /** Returns a document that says something else each time, of the same size. */
    static String denying(int number, int time) {
        String text = SamplePolicies.resource("thing" + number, "default", "view%04d".formatted(time));
        return padded(text.replace("EFFECT_ALLOW", "EFFECT_DENY"), number * 10_000L + time);
    }

    /** Adds a comment that no compression makes small. */
    private static String padded(String text, long seed) {
        byte[] bytes = new byte[PADDING];
        new Random(seed).nextBytes(bytes);
        return text + "# " + HexFormat.of().formatHex(bytes) + "\n";
    }

    /** Returns {@code documents} with one of them different, or with one more. */
    static Map<String, String> with(Map<String, String> documents, String name, String text) {
        Map<String, String> changed = new TreeMap<>(documents);
        changed.put(name, text);
        return changed;
    }

    /** Returns {@code documents} without one of them. */
    static Map<String, String> without(Map<String, String> documents, String name) {
        Map<String, String> changed = new TreeMap<>(documents);
        changed.remove(name);
        return changed;
    }
}

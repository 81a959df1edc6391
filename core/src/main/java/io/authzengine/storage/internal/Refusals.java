package io.authzengine.storage.internal;

import io.authzengine.storage.error.Finding;
import java.util.List;

/** Puts findings into one sentence for logs and health. */
final class Refusals {
    private Refusals() {}

    static String describe(List<Finding> findings) {
        String first =
                findings.isEmpty() ? "no finding was given" : findings.get(0).toString();
        return findings.size() > 1 ? first + " (and " + (findings.size() - 1) + " more)" : first;
    }
}

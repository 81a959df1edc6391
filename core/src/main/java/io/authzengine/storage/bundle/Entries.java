package io.authzengine.storage.bundle;

import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The entries of an archive while it is read: judges their names and keeps what is wanted. */
final class Entries {
    private static final int MAX_NAME = 1024;

    private final BundleLimits limits;
    private final Predicate<String> wanted;
    private final SortedMap<String, byte[]> kept = new TreeMap<>();
    private final Set<String> names = new HashSet<>();
    private int count;

    Entries(BundleLimits limits, Predicate<String> wanted) {
        this.limits = limits;
        this.wanted = wanted;
    }

    /** Counts an entry of any kind. */
    void count() throws BundleException {
        count++;
        limits.checkEntries(count);
    }

    /** Returns {@code name} as it is known from here on, after judging it. */
    String file(String name) throws BundleException {
        String safe = safe(name);
        if (!names.add(safe)) {
            throw new BundleException("it holds " + shown(name) + " twice");
        }
        return safe;
    }

    /** Judges the name of a directory, of which nothing is kept. */
    void directory(String name) throws BundleException {
        String stripped = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        if (!stripped.isEmpty() && !stripped.equals(".")) {
            safe(stripped);
        }
    }

    boolean wants(String safeName) {
        return wanted.test(safeName);
    }

    void keep(String safeName, byte[] content) {
        kept.put(safeName, content);
    }

    SortedMap<String, byte[]> kept() {
        return kept;
    }

    private static String safe(String name) throws BundleException {
        String relative = name.startsWith("./") ? name.substring(2) : name;
        boolean sound = !relative.isEmpty()
                && relative.length() <= MAX_NAME
                && relative.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == '\\' || c == 0xfffd)
                && !(relative.length() > 1 && relative.charAt(1) == ':');
        for (String part : relative.split("/", -1)) {
            sound &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
        }
        if (!sound) {
            throw new BundleException("it holds an entry named " + shown(name)
                    + ", and names must be relative and stay below the archive's root");
        }
        return relative;
    }

    /** Returns a name of somebody else's making as it can be printed. */
    static String shown(String name) {
        StringBuilder shown = new StringBuilder("'");
        String start = name.length() > 120 ? name.substring(0, 120) + "…" : name;
        start.chars().forEach(c -> shown.append(Character.isISOControl(c) ? '?' : (char) c));
        return shown.append('\'').toString();
    }
}

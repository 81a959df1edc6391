package io.authzengine.storage.bundle;

import io.authzengine.storage.policy.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What makes one bundle out of another: the documents that were added or changed, and the names of those that are gone. A server hands it
 * to whoever has the earlier bundle, as an instance manipulation of RFC 3229 called {@link #MANIPULATION}. Both name a bundle by {@link #tag
 * what is in it}, so that whoever applies a delta sees whether the right one came out.
 */
public final class BundleDelta {
    /** What a client asks for in {@code A-IM}, and a server answers with in {@code IM}. */
    public static final String MANIPULATION = "authz-bundle";

    private static final String GONE = ".gone"; // No document is called so, as it is hidden.

    private final SortedMap<String, byte[]> changed;
    private final SortedSet<String> gone;

    private BundleDelta(SortedMap<String, byte[]> changed, SortedSet<String> gone) {
        this.changed = Collections.unmodifiableSortedMap(changed);
        this.gone = Collections.unmodifiableSortedSet(gone);
    }

    /** Returns the documents that were added or changed, by name. */
    public SortedMap<String, byte[]> changed() {
        return changed;
    }

    /** Returns the names of the documents that are gone. */
    public SortedSet<String> gone() {
        return gone;
    }

    /** Returns a delta as a {@code .tar.gz}; no document may have a hidden name. */
    public static byte[] write(SortedMap<String, byte[]> changed, SortedSet<String> gone) {
        SortedMap<String, byte[]> entries = new TreeMap<>(changed);
        if (!gone.isEmpty()) {
            entries.put(GONE, String.join("\n", gone).getBytes(StandardCharsets.UTF_8));
        }
        return Bundle.write(entries);
    }

    /**
     * Unpacks a delta.
     *
     * @param wanted tells by name which documents to keep
     * @throws BundleException if anything is wrong with it, or it costs more than {@code limits} allow
     */
    public static BundleDelta read(byte[] bytes, BundleLimits limits, Predicate<String> wanted) throws BundleException {
        SortedMap<String, byte[]> changed =
                new TreeMap<>(Bundle.read(bytes, limits, name -> name.equals(GONE) || wanted.test(name)));
        byte[] names = changed.remove(GONE);
        SortedSet<String> gone = new TreeSet<>();
        if (names != null) {
            gone.addAll(List.of(new String(names, StandardCharsets.UTF_8).split("\n", -1)));
            gone.removeIf(wanted.negate());
        }
        if (gone.stream().anyMatch(changed::containsKey)) {
            throw new BundleException("it holds a document that it says is gone");
        }
        return new BundleDelta(changed, gone);
    }

    /**
     * Returns the name of a bundle after what is in it: SHA-256 over each hash and name, in order of names.
     *
     * @param hashes SHA-256 of each document by its name, in hexadecimal
     */
    public static String tag(SortedMap<String, String> hashes) {
        MessageDigest digest = Sha256.begin();
        for (Map.Entry<String, String> document : hashes.entrySet()) {
            digest.update((document.getValue() + "  " + document.getKey() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}

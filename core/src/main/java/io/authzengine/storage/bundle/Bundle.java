package io.authzengine.storage.bundle;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Reads and writes archives of documents, in memory. Damage of any kind refuses the whole archive: a part of a bundle is never
 * returned. Refused too are links, devices, encrypted entries, names that repeat, and names that would lead out of a directory.
 */
public final class Bundle {
    private Bundle() {}

    /** Returns whether {@code bytes} begin as an archive does that {@link #read} knows; no YAML and no JSON begins so. */
    public static boolean isBundle(byte[] bytes) {
        return Gzip.isGzip(bytes) || ZipReader.isZip(bytes) || TarReader.isTar(bytes);
    }

    /**
     * Unpacks an archive.
     *
     * @param bytes a {@code .tar.gz}, {@code .tar} or {@code .zip}
     * @param wanted tells by name which entries to keep; the others are checked as strictly and passed over
     * @return the content of each entry by its name, in order of name; names are relative and have {@code /} between their parts
     * @throws BundleException if anything is wrong with the archive, or it costs more than {@code limits} allow
     */
    public static SortedMap<String, byte[]> read(byte[] bytes, BundleLimits limits, Predicate<String> wanted)
            throws BundleException {
        Entries entries = new Entries(limits, wanted);
        if (Gzip.isGzip(bytes)) {
            new TarReader(Gzip.unpack(bytes, limits), entries).read();
        } else if (ZipReader.isZip(bytes)) {
            new ZipReader(bytes, limits, entries).read();
        } else if (TarReader.isTar(bytes)) {
            limits.checkUnpacked(bytes.length, bytes.length);
            new TarReader(bytes, entries).read();
        } else {
            throw new BundleException("it is neither a .tar.gz or .tar nor a .zip");
        }
        return Collections.unmodifiableSortedMap(entries.kept());
    }

    /** Returns a {@code .tar.gz} of {@code entries}; the same entries always give the same bytes. */
    public static byte[] write(SortedMap<String, byte[]> entries) {
        return Gzip.pack(TarWriter.write(new TreeMap<>(entries)));
    }

    /**
     * Unpacks what was packed with gzip as a whole.
     *
     * @throws BundleException if it is damaged or breaks off, or costs more than {@code limits} allow
     */
    public static byte[] gunzip(byte[] packed, BundleLimits limits) throws BundleException {
        return Gzip.unpack(packed, limits);
    }
}

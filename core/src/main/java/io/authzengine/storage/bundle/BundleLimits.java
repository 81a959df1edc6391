package io.authzengine.storage.bundle;

/**
 * What an archive may cost, checked while it is unpacked.
 *
 * @param maxBytes bytes of all its entries together, unpacked; default 256 MiB
 * @param maxEntries entries, those that are passed over included; default 100,000
 * @param maxRatio unpacked bytes for each packed one, once more than 1 MiB was unpacked; default 200
 */
public record BundleLimits(long maxBytes, int maxEntries, int maxRatio) {
    /** The limits that hold unless others are set. */
    public static final BundleLimits DEFAULT = new BundleLimits(256L << 20, 100_000, 200);

    private static final long RATIO_FLOOR = 1 << 20;

    public BundleLimits {
        if (maxBytes < 1 || maxEntries < 1 || maxRatio < 1) {
            throw new IllegalArgumentException("maxBytes, maxEntries and maxRatio are at least 1");
        }
    }

    /** Returns these limits with another bound on the unpacked bytes. */
    public BundleLimits withMaxBytes(long bytes) {
        return new BundleLimits(bytes, maxEntries, maxRatio);
    }

    void checkUnpacked(long unpacked, long packed) throws BundleException {
        if (unpacked > maxBytes) {
            throw new BundleException("it unpacks to more than " + maxBytes + " bytes, the limit");
        }
        if (unpacked > RATIO_FLOOR && unpacked / maxRatio > packed) {
            throw new BundleException("it unpacks to more than " + maxRatio + " times its size, the limit");
        }
    }

    void checkEntries(int entries) throws BundleException {
        if (entries > maxEntries) {
            throw new BundleException("it has more than " + maxEntries + " entries, the limit");
        }
    }
}

package io.authzengine.storage.driver.blob;

import io.authzengine.storage.source.DocumentNames;
import io.authzengine.storage.source.SourceEntry;
import io.authzengine.storage.trust.TrustedKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of a blob driver. Start with {@link #of} and change single values with the {@code with…} methods.
 *
 * @param givenId the id of the driver; empty for one that is made of what it reads
 * @param backend the kind of store, with its credentials
 * @param bucket the bucket or container
 * @param prefix what keys of documents begin with; empty or ends in {@code /}. Default {@code policies/}
 * @param bundle the archive that holds all documents; empty if each is an object of its own
 * @param extensions endings of the names of documents, in any case. Default {@code .yaml}, {@code .yml}, {@code .json}
 * @param pollInterval time between looks. Default 60 s
 * @param callTimeout how long a listing may take, and how long a reading may get nowhere. Default 60 s
 * @param parallelReads objects that are read at a time, at most. Default 16
 * @sdd 5.4
 */
public record BlobConfig(
        Optional<String> givenId,
        BlobBackend backend,
        String bucket,
        String prefix,
        Optional<Bundled> bundle,
        List<String> extensions,
        Duration pollInterval,
        Duration callTimeout,
        int parallelReads) {
    static final String DEFAULT_PREFIX = "policies/";
    static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(60);
    static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(60);
    static final int DEFAULT_PARALLEL_READS = 16;
    static final int DEFAULT_MAX_BUNDLE_BYTES = 64 << 20;

    private static final int DIGITS = 8;

    /**
     * An archive that holds all documents.
     *
     * @param key of the object
     * @param maxBytes most bytes of it, and most of what is in it. Default 64 MiB
     * @param signature by whom it must be signed; empty if it need not be
     */
    public record Bundled(String key, int maxBytes, Optional<Signed> signature) {
        public Bundled {
            if (key.isEmpty() || key.endsWith("/") || maxBytes < 1) {
                throw new IllegalArgumentException("a bundle is an object of at least one byte");
            }
            Objects.requireNonNull(signature, "signature");
        }

        /** An archive that need not be signed. */
        public static Bundled at(String key) {
            return new Bundled(key, DEFAULT_MAX_BUNDLE_BYTES, Optional.empty());
        }
    }

    /**
     * What must be signed, and by whom. The signature is the object beside the archive, with {@code .sig} after its key.
     *
     * @param keys whose signatures count
     * @param stateDir where the number of the last accepted one is kept
     */
    public record Signed(TrustedKeys keys, Path stateDir) {
        public Signed {
            Objects.requireNonNull(keys, "keys");
            Objects.requireNonNull(stateDir, "stateDir");
        }

        Path stateFile(String driverId, String name) {
            String whose = new Fingerprint().add(driverId).add(name).text();
            return stateDir.resolve("accepted-" + whose.substring(0, 2 * DIGITS));
        }
    }

    /** @throws IllegalArgumentException if a value will not do; the message names it */
    public BlobConfig {
        Objects.requireNonNull(givenId, "givenId");
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(bundle, "bundle");
        extensions = List.copyOf(extensions);
        if (bucket.isBlank()) {
            throw new IllegalArgumentException("bucket: name the bucket or container");
        }
        if (!prefix.isEmpty() && !prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix: it ends in /, or would also match what only begins alike");
        }
        if (!isPositive(pollInterval) || !isPositive(callTimeout) || parallelReads < 1) {
            throw new IllegalArgumentException("pollInterval, callTimeout and parallelReads are more than nothing");
        }
        new DocumentNames(extensions, List.of());
    }

    private static boolean isPositive(Duration time) {
        return !time.isNegative() && !time.isZero();
    }

    /** Returns the default settings for {@code bucket}. */
    public static BlobConfig of(BlobBackend backend, String bucket) {
        return new BlobConfig(
                Optional.empty(),
                backend,
                bucket,
                DEFAULT_PREFIX,
                Optional.empty(),
                DocumentNames.DEFAULT_EXTENSIONS,
                DEFAULT_POLL_INTERVAL,
                DEFAULT_CALL_TIMEOUT,
                DEFAULT_PARALLEL_READS);
    }

    /** Returns the id of the driver: the given one, or {@code blob-} and a digest of what it reads. */
    public String id() {
        return givenId.orElseGet(() -> "blob-"
                + new Fingerprint()
                        .add(backend.address(bucket))
                        .add(bundle.map(Bundled::key).orElse(prefix))
                        .text()
                        .substring(0, DIGITS));
    }

    /** Returns these settings with an id. */
    public BlobConfig withId(String id) {
        return with(Optional.of(id), prefix, bundle, pollInterval, callTimeout);
    }

    /** Returns these settings with another prefix. */
    public BlobConfig withPrefix(String start) {
        return with(givenId, start, bundle, pollInterval, callTimeout);
    }

    /** Returns these settings with all documents in one archive. */
    public BlobConfig withBundle(Bundled archive) {
        return with(givenId, prefix, Optional.of(archive), pollInterval, callTimeout);
    }

    /** Returns these settings with other times. */
    public BlobConfig withTimes(Duration betweenLooks, Duration timeout) {
        return with(givenId, prefix, bundle, betweenLooks, timeout);
    }

    private BlobConfig with(
            Optional<String> id, String start, Optional<Bundled> archive, Duration betweenLooks, Duration timeout) {
        return new BlobConfig(id, backend, bucket, start, archive, extensions, betweenLooks, timeout, parallelReads);
    }

    DocumentNames names() {
        return new DocumentNames(extensions, DocumentNames.DEFAULT_EXCLUDES);
    }

    BlobErrors errors(String driverId) {
        return new BlobErrors(driverId, backend.address(bucket));
    }

    BlobStore open(BlobErrors errors) {
        return backend.open(new BlobBackend.Target(bucket, parallelReads, errors));
    }

    String location(String key) {
        return backend.address(bucket) + "/" + key;
    }

    Blob blob(SourceEntry entry) {
        String key = entry.location().substring(location("").length());
        return new Blob(key, entry.token(), entry.size().orElse(0), entry.lastModified());
    }
}

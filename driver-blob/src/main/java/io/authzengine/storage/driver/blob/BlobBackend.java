package io.authzengine.storage.driver.blob;

import java.util.Objects;

/** How a kind of object store is reached: its settings, checked. Immutable; {@code toString} shows no secret. */
public interface BlobBackend {
    /** Returns the address of {@code bucket}, free of credentials, such as {@code s3://bucket}; locations are this, {@code /} and a key. */
    String address(String bucket);

    /**
     * Connects.
     *
     * @throws io.authzengine.storage.error.StorageException if the credentials cannot be had
     */
    BlobStore open(Target target);

    /**
     * What is to be connected to.
     *
     * @param bucket the bucket or container
     * @param parallel calls at a time, at most
     * @param errors makes failures of it
     */
    record Target(String bucket, int parallel, BlobErrors errors) {
        public Target {
            Objects.requireNonNull(bucket, "bucket");
            Objects.requireNonNull(errors, "errors");
        }
    }
}

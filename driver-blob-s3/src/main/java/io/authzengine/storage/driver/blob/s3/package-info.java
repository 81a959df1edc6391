/**
 * Amazon S3, and what speaks its protocol, for the blob driver. Objects are told by their entity tags, or by their versions if that is asked for.
 *
 * <p>{@code S3BlobStoreProvider} reads the settings, {@code S3Backend} makes the client, {@code S3BlobStore} makes all calls to it, and {@code
 * S3Failures} knows what it throws.
 */
@NullMarked
package io.authzengine.storage.driver.blob.s3;

import org.jspecify.annotations.NullMarked;

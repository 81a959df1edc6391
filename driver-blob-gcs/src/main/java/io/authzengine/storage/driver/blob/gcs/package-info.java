/**
 * Google Cloud Storage, for the blob driver: its JSON API, with objects told by their generations.
 *
 * <p>{@code GcsBlobStoreProvider} reads the settings, {@code GcsBackend} makes the client, {@code GcsBlobStore} makes all calls to it.
 */
@NullMarked
package io.authzengine.storage.driver.blob.gcs;

import org.jspecify.annotations.NullMarked;

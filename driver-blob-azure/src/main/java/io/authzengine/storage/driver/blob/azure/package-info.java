/**
 * Azure Blob Storage, for the blob driver. Objects are told by their entity tags, of which each writing makes a new one.
 *
 * <p>{@code AzureBlobStoreProvider} reads the settings, {@code AzureBackend} makes the client, {@code AzureBlobStore} makes all calls to it, and
 * {@code AzureFailures} knows what it throws.
 */
@NullMarked
package io.authzengine.storage.driver.blob.azure;

import org.jspecify.annotations.NullMarked;

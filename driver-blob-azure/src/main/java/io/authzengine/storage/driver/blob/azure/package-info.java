/** Azure Blob Storage for the blob driver. */
@NullMarked
package io.authzengine.storage.driver.blob.azure;

import org.jspecify.annotations.NullMarked;

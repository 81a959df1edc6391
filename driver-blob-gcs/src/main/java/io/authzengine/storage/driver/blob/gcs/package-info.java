/** Google Cloud Storage for the blob driver. */
@NullMarked
package io.authzengine.storage.driver.blob.gcs;

import org.jspecify.annotations.NullMarked;

/** Amazon S3, and what speaks its protocol, for the blob driver. */
@NullMarked
package io.authzengine.storage.driver.blob.s3;

import org.jspecify.annotations.NullMarked;

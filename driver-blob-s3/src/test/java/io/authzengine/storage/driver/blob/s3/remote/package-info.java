/** A server for tests that speaks S3, in the test jar of this module. */
@NullMarked
package io.authzengine.storage.driver.blob.s3.remote;

import org.jspecify.annotations.NullMarked;

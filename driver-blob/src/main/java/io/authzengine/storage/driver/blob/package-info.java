/**
 * Policies from object stores; each store is an artifact of its own.
 *
 * <p><b>Location:</b> the address of the bucket, such as {@code s3://bucket}, {@code /}, and the key; for a document of a bundle, followed by
 * {@code !/} and its name there. <b>Token:</b> the object's version or generation where the listing tells it, else its entity tag; of a document of
 * a bundle, its SHA-256. <b>Revision:</b> SHA-256 of all keys and tokens; of a bundle, its token. <b>Change set:</b> all that differs between two
 * listings; with a bundle, whatever was published together.
 *
 * <p>A look lists everything below the prefix and reads what has another token, several objects at a time, each at just the version that was listed.
 * If one is not that any more, the whole look is taken again. What the documentation of stores calls eventual consistency is thereby no concern: what
 * was listed is what is read, or nothing is.
 *
 * <p>Read {@code ObjectsSource} first, then {@code BundleSource}; {@code BlobStore} is all that a cloud has to give.
 */
@NullMarked
package io.authzengine.storage.driver.blob;

import org.jspecify.annotations.NullMarked;

/**
 * Many documents in one file, for drivers that fetch one thing and hold many policies.
 *
 * <p>{@link io.authzengine.storage.bundle.Bundle} reads {@code .tar.gz} and {@code .zip} in memory, and writes {@code .tar.gz}; nothing
 * is ever written to a path that an archive names. {@link io.authzengine.storage.bundle.BundleLimits} bounds what one may cost.
 */
@NullMarked
package io.authzengine.storage.bundle;

import org.jspecify.annotations.NullMarked;

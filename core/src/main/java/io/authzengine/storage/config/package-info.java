/**
 * The configuration file, for applications: YAML becomes typed settings, or one exception that tells everything that is wrong
 * with it.
 *
 * <p>{@link io.authzengine.storage.config.StorageConfig} is the way in; {@link io.authzengine.storage.config.StoreSettings} is
 * what the store takes from it, and the driver reads the rest itself. Behind them, in the order in which a file passes through:
 * the YAML becomes a tree of nodes that know their place, {@code ${…}} is replaced in its scalars, the two ways of naming a
 * driver become one, and a block is read key by key.
 */
@NullMarked
package io.authzengine.storage.config;

import org.jspecify.annotations.NullMarked;

/**
 * Drivers as callers see them, for users of drivers and for those who write one from scratch. Most drivers are written against
 * the narrower {@code source} package instead.
 *
 * <p>{@link io.authzengine.storage.driver.StorageDriver} is the interface, {@link
 * io.authzengine.storage.driver.LoadResult} what it hands on, {@link io.authzengine.storage.driver.StorageDriverProvider} how
 * one is configured and made; {@link io.authzengine.storage.driver.DriverProviders} finds those that are installed. {@link io.authzengine.storage.driver.StorageContext} is all they may take from outside: time,
 * threads and random numbers.
 */
@NullMarked
package io.authzengine.storage.driver;

import org.jspecify.annotations.NullMarked;

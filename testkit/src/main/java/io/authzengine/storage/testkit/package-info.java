/**
 * For those who write a driver, and for those who test what uses one.
 *
 * <p>Extend {@link io.authzengine.storage.testkit.StorageDriverContract} with a harness of five methods to see whether a driver keeps
 * the promises of {@code StorageDriver}. Put {@link io.authzengine.storage.testkit.PolicyStoreTest} at a test of what uses a store, and it
 * is handed a {@link io.authzengine.storage.testkit.SimulatedStore}. {@link io.authzengine.storage.testkit.InMemorySource} is a backend that fails when it is told to,
 * {@link io.authzengine.storage.testkit.SimulatedContext} a context on a clock that stands still until it is moved, {@link
 * io.authzengine.storage.testkit.SamplePolicies} documents to fill a backend with.
 */
@NullMarked
package io.authzengine.storage.testkit;

import org.jspecify.annotations.NullMarked;

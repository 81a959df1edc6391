/**
 * The front door, for applications: {@link io.authzengine.storage.PolicyStore} serves policies from a driver and keeps them current.
 *
 * <p>Start with {@link io.authzengine.storage.PolicyStore#open}; {@link io.authzengine.storage.PolicyStore#current} is what readers
 * need, {@link io.authzengine.storage.StoreEvent} what changes, {@link io.authzengine.storage.StoreStatus} how it is doing, {@link
 * io.authzengine.storage.PolicyHistory} what was served before and how to return to it, {@link
 * io.authzengine.storage.PolicyTransaction} how to change what is served by hand.
 */
@NullMarked
package io.authzengine.storage;

import org.jspecify.annotations.NullMarked;

/**
 * Faults on purpose: named policies of what is to go wrong, for the tests of those who use a backend, never for production.
 *
 * <p>{@link io.authzengine.storage.faults.FaultRegistry} holds policies by name; {@link io.authzengine.storage.faults.FaultContext} puts
 * one in force for a stretch of code; {@link io.authzengine.storage.faults.Faults} puts them around a driver, a source, or any
 * interface. A policy is registered, then selected (by name or by the scope around the call), then applied to each call, and leaves
 * nothing behind when the call is over, however it ends.
 *
 * <p>Packages, from top to bottom; imports only go down: {@code proxy} (faults in TCP connections), this one (faults in calls),
 * {@code decision}, {@code format}, {@code policy}.
 */
@NullMarked
package io.authzengine.storage.faults;

import org.jspecify.annotations.NullMarked;

/**
 * Where the time of a reload goes, for core and for drivers written from scratch; applications read what comes of it.
 *
 * <p>{@link io.authzengine.storage.timing.PhaseTimer} measures, {@link io.authzengine.storage.timing.Phase} is one part of a trip and
 * {@link io.authzengine.storage.timing.LookTimes} those of one look at a backend. The flight recorder of the JVM, where there is one, gets the
 * same as events.
 */
@NullMarked
package io.authzengine.storage.timing;

import org.jspecify.annotations.NullMarked;

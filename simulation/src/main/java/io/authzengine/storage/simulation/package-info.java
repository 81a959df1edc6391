/**
 * Time, threads and random numbers for tests: nothing moves until the test moves it, and the same seed gives the same run.
 *
 * <p>{@link io.authzengine.storage.simulation.Simulation} is all there is to know.
 */
@NullMarked
package io.authzengine.storage.simulation;

import org.jspecify.annotations.NullMarked;

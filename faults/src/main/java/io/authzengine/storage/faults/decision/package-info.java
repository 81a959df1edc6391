/**
 * What becomes of an operation: decided here for calls, connections and look-ups alike, by seed and by the clock that is handed in.
 * Nothing here waits, throws on purpose or touches a byte; that is for whoever asked.
 *
 * <p>Read {@link io.authzengine.storage.faults.decision.Verdict}, {@link io.authzengine.storage.faults.decision.FaultSession} and
 * {@link io.authzengine.storage.faults.decision.DecisionLog}, in that order.
 */
@NullMarked
package io.authzengine.storage.faults.decision;

import org.jspecify.annotations.NullMarked;

/**
 * The engine behind the front door, for core only; entered through {@link io.authzengine.storage.internal.StoreFactory}.
 *
 * <p>{@code StoreEngine.reconcile} is the flow: candidate, gates, stage, swap, history, notify. {@code Candidates} builds what is
 * judged, {@code GateChain} judges, {@code VersionLog} remembers, {@code StoreEvents} tells. {@code HandChanges} is what somebody does
 * beside what the source brings, {@code SourceDecisions} what then becomes of the source.
 */
@NullMarked
package io.authzengine.storage.internal;

import org.jspecify.annotations.NullMarked;

/**
 * Sets of policies and the steps between them, for applications and engines. All values are immutable.
 *
 * <p>{@link io.authzengine.storage.snapshot.PolicySet} is the data structure, {@link
 * io.authzengine.storage.snapshot.PolicySnapshot} a set that was served at a {@link
 * io.authzengine.storage.snapshot.PolicyVersion} (with the {@link io.authzengine.storage.snapshot.Note} of who made it), {@link io.authzengine.storage.snapshot.PolicyChangeSet} the step from one
 * to the next.
 */
@NullMarked
package io.authzengine.storage.snapshot;

import org.jspecify.annotations.NullMarked;

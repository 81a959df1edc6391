/**
 * What of a store outlives its process: the offline copy, the persistent history and the documents a warm start need not read again.
 * Core only; the engine enters through {@link io.authzengine.storage.internal.disk.Persistence}.
 *
 * <p>Reading order: {@code Persistence} says when something is written, {@code Archive} in which order and under which names so that
 * every crash leaves a valid directory, {@code Segment} what stands in a file, {@code PolicyCodec} how a policy is written, and {@code
 * DiskDirectory} is all that is asked of a file system.
 */
@NullMarked
package io.authzengine.storage.internal.disk;

import org.jspecify.annotations.NullMarked;

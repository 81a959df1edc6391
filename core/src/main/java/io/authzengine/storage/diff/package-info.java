/**
 * What changed between two versions, for people to read. Nothing here decides anything; all is computed when it is asked for.
 *
 * <p>{@link io.authzengine.storage.diff.VersionDiff} is the step from one version to another, {@link
 * io.authzengine.storage.diff.PolicyDiff} one modified policy of it, which is shown as a {@link
 * io.authzengine.storage.diff.JsonPatch} and as text.
 */
@NullMarked
package io.authzengine.storage.diff;

import org.jspecify.annotations.NullMarked;

/**
 * What a fault policy is: {@link io.authzengine.storage.faults.policy.FaultPolicy} and the values of its fields. All limits are
 * checked when a policy is made; a policy that exists can be applied.
 *
 * <p>Read {@code FaultPolicy}, then {@link io.authzengine.storage.faults.policy.TargetRule}, then {@link
 * io.authzengine.storage.faults.policy.Schedule}. How policies are written as text is another package's business.
 */
@NullMarked
package io.authzengine.storage.faults.policy;

import org.jspecify.annotations.NullMarked;

/**
 * The policy model, for applications and engines: immutable values, no behaviour that needs a backend.
 *
 * <p>Read {@link io.authzengine.storage.policy.Policy} first, then {@link io.authzengine.storage.policy.PolicyContent} and
 * its members, one for each kind of the Cerbos document format. {@link io.authzengine.storage.policy.PolicyId} says how a
 * policy is named.
 */
@NullMarked
package io.authzengine.storage.policy;

import org.jspecify.annotations.NullMarked;

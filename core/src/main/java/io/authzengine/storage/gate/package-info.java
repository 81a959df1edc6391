/**
 * What judges a set before it is served, for applications that add rules of their own.
 *
 * <p>A {@link io.authzengine.storage.gate.PolicyGate} looks at a {@link io.authzengine.storage.gate.Candidate} and says what it finds.
 * {@link io.authzengine.storage.gate.Gates} makes the built-in ones, in the order in which they are asked. Live reload and the command
 * line ask the same list, so they cannot disagree.
 */
@NullMarked
package io.authzengine.storage.gate;

import org.jspecify.annotations.NullMarked;

/**
 * Whether a document is what its publisher meant to be served now: signed, not expired, and not older than one that was accepted
 * before.
 *
 * <p>{@link io.authzengine.storage.trust.Statement} is what a publisher signs; {@link io.authzengine.storage.trust.TrustedKeys} whose
 * signatures count; {@link io.authzengine.storage.trust.AcceptedNumber} remembers across restarts what was accepted last; {@link
 * io.authzengine.storage.trust.SignatureCheck} puts the three together and is what a driver uses.
 */
@NullMarked
package io.authzengine.storage.trust;

import org.jspecify.annotations.NullMarked;

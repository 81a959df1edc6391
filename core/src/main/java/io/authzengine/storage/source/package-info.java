/**
 * What driver authors write, and the loop that makes a driver of it.
 *
 * <p>Write a {@link io.authzengine.storage.source.PolicySource}: how to list, how to read, how to be told. Everything else is {@link
 * io.authzengine.storage.source.SourceDriver}'s: when to look, what changed, retries, deadlines, back-off, keeping the last good,
 * health and events. {@link io.authzengine.storage.source.Manifest} is the truth about a backend, {@link
 * io.authzengine.storage.source.SourceEntry} one line of it.
 */
@NullMarked
package io.authzengine.storage.source;

import org.jspecify.annotations.NullMarked;

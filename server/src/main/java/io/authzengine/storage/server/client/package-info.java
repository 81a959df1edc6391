/**
 * How commands speak to a policyd that runs: the one place that knows HTTP from that side. For the commands of {@code policyd} alone.
 *
 * <p>{@link io.authzengine.storage.server.client.PolicydClient} first.
 */
@NullMarked
package io.authzengine.storage.server.client;

import org.jspecify.annotations.NullMarked;

package io.authzengine.storage.server.view;

import org.jspecify.annotations.Nullable;

/**
 * Whether there is something to serve.
 *
 * @param ready whether a first version is served
 * @param version its number; 0 if none
 * @param policies how many policies it holds
 * @param message why there is none yet; null if there is
 */
public record ReadyView(
        boolean ready, long version, int policies, @Nullable String message) {}

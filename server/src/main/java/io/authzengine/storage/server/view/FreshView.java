package io.authzengine.storage.server.view;

import org.jspecify.annotations.Nullable;

/**
 * Whether what is served is as fresh as it is told to be.
 *
 * @param fresh whether it is
 * @param version the number of the set being served; 0 if none
 * @param ageSeconds how long ago it was last known what the sources hold; null if it never was
 * @param message why it is not; null if it is
 */
public record FreshView(
        boolean fresh,
        long version,
        @Nullable Long ageSeconds,
        @Nullable String message) {}

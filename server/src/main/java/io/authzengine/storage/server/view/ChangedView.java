package io.authzengine.storage.server.view;

/**
 * What became of what somebody asked for.
 *
 * @param changed whether another set is being served
 * @param version the number of the version being served
 * @param mode as in {@link StatusView#mode}
 */
public record ChangedView(boolean changed, long version, String mode) {}

package io.authzengine.storage.driver;

/**
 * How far a load has got.
 *
 * @param done documents that have come in
 * @param total documents that were asked for
 */
public record LoadProgress(int done, int total) {}

package io.authzengine.storage.benchmarks.corpus;

/**
 * One file of a corpus.
 *
 * @param path where it is, below the directory of the corpus
 * @param text what it says
 */
public record Document(String path, String text) {}

/**
 * What is measured, and how to measure it again. {@code benchmarks/run} starts these programs.
 *
 * <p>{@link io.authzengine.storage.benchmarks.FilesystemBenchmark} measures a store over a directory as its user meets it: from process
 * start to first version, memory, and from rename to served; the others measure one driver or one part of the store each.
 */
@NullMarked
package io.authzengine.storage.benchmarks;

import org.jspecify.annotations.NullMarked;

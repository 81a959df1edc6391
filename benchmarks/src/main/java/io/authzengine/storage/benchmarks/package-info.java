/**
 * What is measured, and how to measure it again. {@code benchmarks/run} starts these programs.
 *
 * <p>{@link io.authzengine.storage.benchmarks.FilesystemBenchmark} measures a store over a directory as its user meets it: from process
 * start to first version, memory, and from rename to served. {@link io.authzengine.storage.benchmarks.GitBenchmark} measures the git
 * driver over HTTP: {@code java -cp 'benchmarks/target/lib/*' io.authzengine.storage.benchmarks.GitBenchmark DIRECTORY}.
 */
@NullMarked
package io.authzengine.storage.benchmarks;

import org.jspecify.annotations.NullMarked;

/**
 * What all benchmarks share: samples and their percentiles, memory, files that are cleaned up, and {@link
 * io.authzengine.storage.benchmarks.measure.Figures}, by which a figure is printed and handed on to the page of results.
 */
@NullMarked
package io.authzengine.storage.benchmarks.measure;

import org.jspecify.annotations.NullMarked;

/**
 * What is measured, and how to measure it again. {@code benchmarks/run} starts these programs, each of which measures one driver or one part of the
 * store in its own process; whole processes are measured by those in {@code process}.
 */
@NullMarked
package io.authzengine.storage.benchmarks;

import org.jspecify.annotations.NullMarked;

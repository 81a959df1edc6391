/**
 * From figures to the page: {@link io.authzengine.storage.benchmarks.report.PerformancePage} writes what was measured into {@code
 * docs/performance.md} and draws the plots, and keeps what a person wrote between.
 */
@NullMarked
package io.authzengine.storage.benchmarks.report;

import org.jspecify.annotations.NullMarked;

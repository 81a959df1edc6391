/**
 * A Micrometer binder for stores: {@link io.authzengine.storage.metrics.StoreMetrics} is all there is to it. The names are listed in
 * {@code docs/metrics.md}.
 */
@NullMarked
package io.authzengine.storage.metrics;

import org.jspecify.annotations.NullMarked;

/** A Micrometer binder for stores and drivers. */
@NullMarked
package io.authzengine.storage.metrics;

import org.jspecify.annotations.NullMarked;

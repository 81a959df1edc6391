/**
 * What can go wrong, for everyone: SD-000 … SD-007 as exceptions under one sealed root, and the findings of those who judge
 * documents and sets.
 *
 * <p>Read {@link io.authzengine.storage.error.ErrorCode} first: it says who acts next. Drivers throw the exceptions of this
 * package and define none.
 */
@NullMarked
package io.authzengine.storage.error;

import org.jspecify.annotations.NullMarked;

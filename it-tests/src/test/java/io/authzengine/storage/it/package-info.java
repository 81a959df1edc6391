/** Whole processes, from the outside. */
@NullMarked
package io.authzengine.storage.it;

import org.jspecify.annotations.NullMarked;

/** Policies from object stores; each store is an artifact of its own. */
@NullMarked
package io.authzengine.storage.driver.blob;

import org.jspecify.annotations.NullMarked;

/** Several drivers, one set, every rule with its origin. */
@NullMarked
package io.authzengine.storage.driver.composite;

import org.jspecify.annotations.NullMarked;

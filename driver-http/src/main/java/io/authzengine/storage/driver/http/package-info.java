/** Policies from documents and bundles behind URLs. */
@NullMarked
package io.authzengine.storage.driver.http;

import org.jspecify.annotations.NullMarked;

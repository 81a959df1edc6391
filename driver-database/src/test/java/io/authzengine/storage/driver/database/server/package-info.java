/** Real database servers, started from Maven artifacts, one of each kind for a JVM; for the tests of this module and of others. */
@NullMarked
package io.authzengine.storage.driver.database.server;

import org.jspecify.annotations.NullMarked;

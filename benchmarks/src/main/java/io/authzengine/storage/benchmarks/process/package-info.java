/**
 * Whole processes, measured from outside: from the moment they are started until they serve or have ended, so that the start of the JVM and the
 * loading of classes count, for what is measured as for what it is compared with.
 */
@NullMarked
package io.authzengine.storage.benchmarks.process;

import org.jspecify.annotations.NullMarked;

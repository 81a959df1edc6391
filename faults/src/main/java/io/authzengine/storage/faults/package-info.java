/** Named fault policies for the tests of those who use a backend. */
@NullMarked
package io.authzengine.storage.faults;

import org.jspecify.annotations.NullMarked;

/** The driver that the guide for authors of drivers shows. */
@NullMarked
package io.authzengine.storage.testkit.sample;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.authzengine.storage.driver.database;

import org.jspecify.annotations.NullMarked;

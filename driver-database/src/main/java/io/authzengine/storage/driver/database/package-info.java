/** Policies from a table in PostgreSQL, MySQL or MariaDB. */
@NullMarked
package io.authzengine.storage.driver.database;

import org.jspecify.annotations.NullMarked;

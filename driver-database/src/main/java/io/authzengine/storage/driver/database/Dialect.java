package io.authzengine.storage.driver.database;

/** Which SQL a database speaks. */
public enum Dialect {
    /** PostgreSQL 13 and later. */
    POSTGRESQL,
    /** MySQL 8 and later, MariaDB 10.6 and later. */
    MYSQL
}

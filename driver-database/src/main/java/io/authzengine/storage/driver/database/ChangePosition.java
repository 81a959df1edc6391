package io.authzengine.storage.driver.database;

/**
 * Where the change counter of a table stands.
 *
 * @param revision counts what has written to the table: transactions, or rows
 * @param origin which counter and which table it is; counters of different origins cannot be compared
 */
record ChangePosition(long revision, String origin) {}

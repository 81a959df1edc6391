package io.authzengine.storage.driver.database;

/**
 * Where the change counter of a table stands.
 *
 * @param revision how many statements have written to the table
 * @param origin which counter and which table it is; counters of different origins cannot be compared
 */
record ChangePosition(long revision, String origin) {}

package io.authzengine.storage.driver.database;

/**
 * Where a policy is, as messages name it: the table and the primary key.
 *
 * @param table the name of the table
 */
record Locations(String table) {
    String of(String id) {
        return table + "/" + id;
    }

    String id(String location) {
        return location.substring(table.length() + 1);
    }
}

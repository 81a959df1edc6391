package io.authzengine.storage.driver.database;

/**
 * The statements that write one table, in the SQL of one dialect. Parameters of insert and update: name, version, kind, content, text,
 * hash, id.
 *
 * @param lock keeps other writers waiting until the end of the transaction
 * @param hashes id, SHA-256 of the text, and whether it is not deleted, of all rows
 * @param insert writes a row that is not there
 * @param update writes one that is, and undoes its deletion
 * @param delete marks a row as deleted; parameters are the time and the id
 */
record WriterSql(String lock, String hashes, String insert, String update, String delete) {
    static WriterSql of(DatabaseConfig config) {
        boolean postgres = config.dialect() == Dialect.POSTGRESQL;
        String table = TableSql.qualified(config, "");
        String content = postgres ? "CAST(? AS jsonb)" : "?";
        String sha = postgres
                ? "encode(sha256(convert_to(raw_content, 'UTF8')), 'hex')"
                : "SHA2(CONVERT(raw_content USING utf8mb4), 256)";
        return new WriterSql(
                postgres
                        ? "LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE"
                        : "SELECT COUNT(*) FROM " + table + " FOR UPDATE",
                "SELECT id, " + sha + ", deleted_at IS NULL FROM " + table,
                "INSERT INTO " + table
                        + " (name, version, kind, content, raw_content, content_hash, id) VALUES (?, ?, ?, " + content
                        + ", ?, ?, ?)",
                "UPDATE " + table + " SET name = ?, version = ?, kind = ?, content = " + content
                        + ", raw_content = ?, content_hash = ?, updated_at = CURRENT_TIMESTAMP, deleted_at = NULL WHERE id = ?",
                "UPDATE " + table + " SET deleted_at = ? WHERE id = ?");
    }
}

package io.authzengine.storage.driver.database;

import java.util.List;

/**
 * The statements that read one table, in the SQL of one dialect. Everything in them is fixed or a checked name; what varies is a
 * parameter.
 *
 * @param begin what makes a new transaction a read-only one that sees one moment
 * @param hasChangeLog whether the tables of the change counter are there and may be read
 * @param position where the change counter stands
 * @param oldestChange the oldest revision the change log still has
 * @param rows what is known of each policy without its text, ended by a condition; one parameter, the size of text at most
 * @param changedSince the condition that picks what has changed since a revision, which is a parameter, out of all ids
 * @param changedIds ids of what has changed since a revision
 * @param bodies the texts, ended by a condition
 * @param count how many policies there are, where a table can be emptied without the log's noticing; empty elsewhere
 */
record TableSql(
        List<String> begin,
        String hasChangeLog,
        String position,
        String oldestChange,
        String rows,
        String changedSince,
        String changedIds,
        String bodies,
        String count) {
    static final String COUNTER_SUFFIX = "_revision";
    static final String LOG_SUFFIX = "_changes";
    static final String LIVE = " WHERE deleted_at IS NULL";

    static TableSql of(DatabaseConfig config) {
        return config.dialect() == Dialect.POSTGRESQL ? postgres(config) : mysql(config);
    }

    private static TableSql postgres(DatabaseConfig config) {
        String table = qualified(config, "");
        String counter = qualified(config, COUNTER_SUFFIX);
        String log = qualified(config, LOG_SUFFIX);
        String text = "coalesce(raw_content, content::text)";
        return new TableSql(
                List.of("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"),
                "SELECT coalesce(has_table_privilege(to_regclass('" + counter + "'), 'SELECT')"
                        + " AND has_table_privilege(to_regclass('" + log + "'), 'SELECT'), false)",
                // A table put in the place of another one has another oid, an emptied one another file.
                "SELECT revision, concat_ws('/', origin, '" + table + "'::regclass::oid, pg_relation_filenode('" + table
                        + "'::regclass)) FROM " + counter,
                "SELECT min(revision) FROM " + log,
                "SELECT id, octet_length(" + text + "), CASE WHEN octet_length(" + text + ") <= ? THEN encode(sha256("
                        + "convert_to(" + text + ", 'UTF8')), 'hex') ELSE '' END, content_hash,"
                        + " jsonb_hash_extended(content::jsonb, 0)::text,"
                        + " (extract(epoch FROM updated_at) * 1000000)::bigint FROM " + table,
                " AND id IN (SELECT id FROM " + log + " WHERE revision > ?)",
                "SELECT DISTINCT id FROM " + log + " WHERE revision > ?",
                "SELECT id, " + text
                        + ", content_hash, CASE WHEN raw_content IS NULL THEN NULL ELSE content::text END FROM "
                        + table,
                "");
    }

    private static TableSql mysql(DatabaseConfig config) {
        String table = qualified(config, "");
        String log = qualified(config, LOG_SUFFIX);
        String text = "COALESCE(raw_content, content)";
        return new TableSql(
                List.of(
                        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                        "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"),
                "SELECT COUNT(*) = 2 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ('"
                        + config.table() + COUNTER_SUFFIX + "', '" + config.table() + LOG_SUFFIX + "')",
                "SELECT revision, CONCAT_WS('/', origin, (SELECT create_time FROM information_schema.tables"
                        + " WHERE table_schema = DATABASE() AND table_name = '" + config.table() + "')) FROM "
                        + qualified(config, COUNTER_SUFFIX),
                "SELECT MIN(revision) FROM " + log,
                "SELECT id, LENGTH(" + text + "), CASE WHEN LENGTH(" + text
                        + ") <= ? THEN SHA2(CONVERT(" + text
                        + " USING utf8mb4), 256) ELSE '' END, content_hash, MD5(content),"
                        + " TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', updated_at) FROM " + table,
                " AND id IN (SELECT id FROM " + log + " WHERE revision > ?)",
                "SELECT DISTINCT id FROM " + log + " WHERE revision > ?",
                "SELECT id, " + text + ", content_hash, CASE WHEN raw_content IS NULL THEN NULL ELSE content END FROM "
                        + table,
                "SELECT COUNT(*) FROM " + table + LIVE);
    }

    /** Returns the table, or with a suffix one beside it, quoted and with its schema where there are schemas. */
    static String qualified(DatabaseConfig config, String suffix) {
        String table = Identifier.quoted(config.dialect(), config.table() + suffix);
        return config.dialect() == Dialect.POSTGRESQL
                ? Identifier.quoted(config.dialect(), config.schema()) + "." + table
                : table;
    }
}

/**
 * Policies from a table in PostgreSQL, MySQL or MariaDB.
 *
 * <p><b>Location:</b> the table, {@code /}, and the primary key. <b>Token:</b> the SHA-256 of the text, as the server computes it, and
 * what the columns beside it say; no timestamp, as those do not tell in which order transactions were committed. <b>Revision:</b> the
 * number of rows and a digest over all tokens, the same for every instance that sees the same rows. <b>Change set:</b> all that
 * was committed since the last look; so never a part of a transaction.
 *
 * <p>A look lists in a read-only transaction that sees one moment, and the texts that have changed are read in that same
 * transaction. Where the table was made with the shipped statements, a counter that is written in the writer's own transaction says
 * whether there is anything to look for, and a log which rows; every row is looked at each {@code rescanInterval} all the same, when
 * the table is another one, and after a connection that listens was lost. The settings are described in {@code DatabaseSettings}.
 *
 * <p>Read {@code DatabaseSource} first, then {@code Lister}, which makes the manifests, {@code BodyReader}, {@code PolicyTable} with {@code
 * TableSql}, which are all there is of SQL, and {@code NotifyListener}.
 */
@NullMarked
package io.authzengine.storage.driver.database;

import org.jspecify.annotations.NullMarked;

-- Table of policies for MySQL 8 and later, and MariaDB 10.6 and later. Applying it again changes nothing that is there, but for the
-- triggers. A reader needs SELECT on the three tables; a writer needs its rights on @name@ alone.

CREATE TABLE IF NOT EXISTS @table@ (
  id           varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  name         varchar(255) NOT NULL,
  version      varchar(50)  NOT NULL,
  kind         varchar(50)  NOT NULL,
  content      json         NULL,        -- the policy as JSON, for queries only; may be null
  raw_content  longtext     NOT NULL,    -- the policy as it was written, YAML or JSON: what is served
  content_hash varchar(64)  NOT NULL DEFAULT '', -- SHA-256 of raw_content; the trigger writes it
  created_at   datetime(6)  NOT NULL DEFAULT '1970-01-01 00:00:00', -- UTC; the trigger writes it
  updated_at   datetime(6)  NOT NULL DEFAULT '1970-01-01 00:00:00', -- UTC; the trigger writes it
  deleted_at   datetime(6)  NULL,        -- set: the policy is deleted
  KEY idx_@name@_kind (kind),
  KEY idx_@name@_updated_at (updated_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- Counts the rows that were written, in the transaction that writes: writers wait for each other here until they commit, so that
-- whoever sees a number sees all that was written up to it.
CREATE TABLE IF NOT EXISTS @counter@ (
  only_row tinyint  NOT NULL DEFAULT 1 PRIMARY KEY CHECK (only_row = 1),
  origin   char(36) NOT NULL,
  revision bigint   NOT NULL DEFAULT 0
) ENGINE = InnoDB;
INSERT IGNORE INTO @counter@ (only_row, origin) VALUES (1, UUID());

-- Says which rows were written, for the last 10,000 of them at least.
CREATE TABLE IF NOT EXISTS @log@ (
  revision bigint NOT NULL,
  id       varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (revision, id)
) ENGINE = InnoDB;

DROP TRIGGER IF EXISTS @name@_insert_stamp;
DROP TRIGGER IF EXISTS @name@_update_stamp;
DROP TRIGGER IF EXISTS @name@_insert_count;
DROP TRIGGER IF EXISTS @name@_update_count;
DROP TRIGGER IF EXISTS @name@_delete_count;
DROP TRIGGER IF EXISTS @name@_insert_log;
DROP TRIGGER IF EXISTS @name@_update_log;
DROP TRIGGER IF EXISTS @name@_delete_log;
DROP TRIGGER IF EXISTS @name@_insert_prune;
DROP TRIGGER IF EXISTS @name@_update_prune;
DROP TRIGGER IF EXISTS @name@_delete_prune;

-- Each is one statement, as compound ones need a client that can be told of another delimiter. INSERT with VALUES takes MariaDB a tenth
-- of the time of INSERT with SELECT. What is deleted stays to be walked over until the transaction ends: the log is pruned at each thousandth
-- row alone, and at all others compared with NULL, for which nothing is read.
CREATE TRIGGER @name@_insert_stamp BEFORE INSERT ON @table@ FOR EACH ROW
  SET NEW.content_hash = SHA2(CONVERT(COALESCE(NEW.raw_content, NEW.content, '') USING utf8mb4), 256),
    NEW.created_at = UTC_TIMESTAMP(6), NEW.updated_at = UTC_TIMESTAMP(6);
CREATE TRIGGER @name@_update_stamp BEFORE UPDATE ON @table@ FOR EACH ROW
  SET NEW.content_hash = SHA2(CONVERT(COALESCE(NEW.raw_content, NEW.content, '') USING utf8mb4), 256), NEW.updated_at = UTC_TIMESTAMP(6);
CREATE TRIGGER @name@_insert_count BEFORE INSERT ON @table@ FOR EACH ROW
  UPDATE @counter@ SET revision = revision + 1;
CREATE TRIGGER @name@_update_count BEFORE UPDATE ON @table@ FOR EACH ROW
  UPDATE @counter@ SET revision = revision + 1;
CREATE TRIGGER @name@_delete_count BEFORE DELETE ON @table@ FOR EACH ROW
  UPDATE @counter@ SET revision = revision + 1;
CREATE TRIGGER @name@_insert_log AFTER INSERT ON @table@ FOR EACH ROW
  INSERT IGNORE INTO @log@ VALUES ((SELECT revision FROM @counter@ WHERE only_row = 1), NEW.id);
CREATE TRIGGER @name@_update_log AFTER UPDATE ON @table@ FOR EACH ROW
  INSERT IGNORE INTO @log@ VALUES ((SELECT revision FROM @counter@ WHERE only_row = 1), NEW.id),
    ((SELECT revision FROM @counter@ WHERE only_row = 1), OLD.id);
CREATE TRIGGER @name@_delete_log AFTER DELETE ON @table@ FOR EACH ROW
  INSERT IGNORE INTO @log@ VALUES ((SELECT revision FROM @counter@ WHERE only_row = 1), OLD.id);
CREATE TRIGGER @name@_insert_prune AFTER INSERT ON @table@ FOR EACH ROW
  DELETE FROM @log@ WHERE revision <= (SELECT IF(revision MOD 1000 = 0, revision - 10000, NULL) FROM @counter@ WHERE only_row = 1);
CREATE TRIGGER @name@_update_prune AFTER UPDATE ON @table@ FOR EACH ROW
  DELETE FROM @log@ WHERE revision <= (SELECT IF(revision MOD 1000 = 0, revision - 10000, NULL) FROM @counter@ WHERE only_row = 1);
CREATE TRIGGER @name@_delete_prune AFTER DELETE ON @table@ FOR EACH ROW
  DELETE FROM @log@ WHERE revision <= (SELECT IF(revision MOD 1000 = 0, revision - 10000, NULL) FROM @counter@ WHERE only_row = 1);

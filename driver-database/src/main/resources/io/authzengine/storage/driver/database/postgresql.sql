-- Table of policies for PostgreSQL 13 and later. Applying it again changes nothing that is there, but for the functions and triggers.
-- A reader needs SELECT on the three tables; a writer needs its rights on @name@ alone.

CREATE TABLE IF NOT EXISTS @table@ (
  id           varchar(255) PRIMARY KEY,
  name         varchar(255) NOT NULL,
  version      varchar(50)  NOT NULL,
  kind         varchar(50)  NOT NULL,
  content      jsonb,                    -- the policy as JSON, for queries only; may be null
  raw_content  text         NOT NULL,    -- the policy as it was written, YAML or JSON: what is served
  content_hash varchar(64)  NOT NULL DEFAULT '', -- SHA-256 of raw_content; the trigger writes it
  created_at   timestamptz  NOT NULL DEFAULT now(),
  updated_at   timestamptz  NOT NULL DEFAULT now(), -- the trigger writes it
  deleted_at   timestamptz               -- set: the policy is deleted
);
CREATE INDEX IF NOT EXISTS idx_@name@_kind ON @table@ (kind);
CREATE INDEX IF NOT EXISTS idx_@name@_updated_at ON @table@ (updated_at);

-- Counts the statements that have written, in the transaction that writes: writers wait for each other here until they commit,
-- so that whoever sees a number sees all that was written up to it.
CREATE TABLE IF NOT EXISTS @counter@ (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  origin   uuid    NOT NULL DEFAULT gen_random_uuid(),
  revision bigint  NOT NULL DEFAULT 0
);
INSERT INTO @counter@ DEFAULT VALUES ON CONFLICT DO NOTHING;

-- Says which rows were written, for the last 1,000 statements.
CREATE TABLE IF NOT EXISTS @log@ (
  revision bigint       NOT NULL,
  id       varchar(255) NOT NULL,
  PRIMARY KEY (revision, id)
);

-- First of all in a statement, before it locks any row, so that writers cannot wait for each other in a circle.
CREATE OR REPLACE FUNCTION @schema@."@name@_begin_change"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  now_at bigint;
BEGIN
  UPDATE @counter@ SET revision = revision + 1,
    origin = CASE WHEN TG_OP = 'TRUNCATE' THEN gen_random_uuid() ELSE origin END
    RETURNING revision INTO now_at;
  DELETE FROM @log@ WHERE revision <= now_at - 1000;
  RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION @schema@."@name@_stamp"() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  NEW.content_hash := encode(sha256(convert_to(coalesce(NEW.raw_content, NEW.content::text, ''), 'UTF8')), 'hex');
  RETURN NEW;
END;
$$;

CREATE OR REPLACE FUNCTION @schema@."@name@_log_change"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO @log@ SELECT revision, NEW.id FROM @counter@ ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO @log@ SELECT revision, OLD.id FROM @counter@ ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END;
$$;

-- Once for each statement, and never with content: what is larger than 8,000 bytes would make the writer's statement fail.
CREATE OR REPLACE FUNCTION @schema@."@name@_notify_change"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM pg_notify('policy_changes', json_build_object(
    'operation', TG_OP,
    'policy_id', (SELECT CASE WHEN count(*) = 1 THEN min(l.id) END FROM @log@ l JOIN @counter@ c USING (revision))
  )::text);
  RETURN NULL;
END;
$$;

DROP TRIGGER IF EXISTS policy_begin_trigger ON @table@;
DROP TRIGGER IF EXISTS policy_stamp_trigger ON @table@;
DROP TRIGGER IF EXISTS policy_log_trigger ON @table@;
DROP TRIGGER IF EXISTS policy_change_trigger ON @table@;
CREATE TRIGGER policy_begin_trigger BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON @table@
  FOR EACH STATEMENT EXECUTE FUNCTION @schema@."@name@_begin_change"();
CREATE TRIGGER policy_stamp_trigger BEFORE INSERT OR UPDATE ON @table@
  FOR EACH ROW EXECUTE FUNCTION @schema@."@name@_stamp"();
CREATE TRIGGER policy_log_trigger AFTER INSERT OR UPDATE OR DELETE ON @table@
  FOR EACH ROW EXECUTE FUNCTION @schema@."@name@_log_change"();
CREATE TRIGGER policy_change_trigger AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON @table@
  FOR EACH STATEMENT EXECUTE FUNCTION @schema@."@name@_notify_change"();

-- Rows that arrive by replication count too.
ALTER TABLE @table@ ENABLE ALWAYS TRIGGER policy_begin_trigger;
ALTER TABLE @table@ ENABLE ALWAYS TRIGGER policy_log_trigger;
ALTER TABLE @table@ ENABLE ALWAYS TRIGGER policy_change_trigger;

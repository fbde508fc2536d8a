-- The history of scans: rows by minute, hour and day, of codes and of users, in partitions of a month each, so that what is
-- old enough goes as whole tables (lib/catalog/retention.ts). The rows that are there already are moved afterwards, in steps
-- of some thousands (analytics_rollups_move), so that neither a lock nor a transaction lasts as long as the move.
ALTER TABLE analytics_rollups RENAME TO analytics_rollups_before;
DROP TRIGGER analytics_rollups_keep_latest ON analytics_rollups_before;
ALTER TABLE analytics_rollups_before RENAME CONSTRAINT analytics_rollups_pkey TO analytics_rollups_before_pkey;
-- The move needs neither, and would have to keep them up to date.
DROP INDEX analytics_rollups_by_user;
DROP INDEX analytics_rollups_by_minute;

CREATE TABLE analytics_rollups (
  qr_id text NOT NULL,
  -- The user, in rows of all their codes; then qr_id is empty.
  all_codes_of text NOT NULL DEFAULT '',
  period text NOT NULL DEFAULT 'minute',
  -- First minute of the period.
  minute timestamptz NOT NULL,
  -- 0 holds what was counted while the period's counters were live. What comes later is counted anew, in a part that is
  -- named by the hour in which it came (hours since 1970). The parts of a period add up.
  part integer NOT NULL DEFAULT 0,
  user_id text NOT NULL,
  -- Everything that was counted so far, so that of two rows of the same part the later one is known.
  revision integer NOT NULL,
  scans integer NOT NULL,
  bots integer NOT NULL,
  visitors integer NOT NULL,
  countries jsonb NOT NULL,
  devices jsonb NOT NULL,
  referrers jsonb NOT NULL,
  systems jsonb NOT NULL DEFAULT '{}',
  browsers jsonb NOT NULL DEFAULT '{}',
  actions jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (qr_id, all_codes_of, period, minute, part)
) PARTITION BY LIST (period);

COMMENT ON TABLE analytics_rollups IS
  'Scans of a code, or of all codes of a user, in a minute, hour or day. The parts of a period add up. Bots are not among the scans; visitors are about right (0.8 %) and cannot be added up over periods. A row is replaced by a later revision only.';
COMMENT ON COLUMN analytics_rollups.countries IS 'Scans by ISO 3166-1 alpha-2 code; "unknown" where nothing is known';
COMMENT ON COLUMN analytics_rollups.devices IS 'Scans by mobile, tablet, desktop, tv, other, unknown';
COMMENT ON COLUMN analytics_rollups.referrers IS 'Scans by the host that led to the code; "direct" without one, "other" beyond fifty a period';

CREATE TABLE analytics_rollups_minute PARTITION OF analytics_rollups FOR VALUES IN ('minute') PARTITION BY RANGE (minute);
CREATE TABLE analytics_rollups_hour PARTITION OF analytics_rollups FOR VALUES IN ('hour') PARTITION BY RANGE (minute);
CREATE TABLE analytics_rollups_day PARTITION OF analytics_rollups FOR VALUES IN ('day') PARTITION BY RANGE (minute);
-- A row that finds no partition would stop the sink, and all later rows with it.
CREATE TABLE analytics_rollups_minute_rest PARTITION OF analytics_rollups_minute DEFAULT;
CREATE TABLE analytics_rollups_hour_rest PARTITION OF analytics_rollups_hour DEFAULT;
CREATE TABLE analytics_rollups_day_rest PARTITION OF analytics_rollups_day DEFAULT;
CREATE TABLE analytics_rollups_rest PARTITION OF analytics_rollups DEFAULT;

-- A dashboard asks for the codes of one user over some time; so does an erasure.
CREATE INDEX analytics_rollups_by_user ON analytics_rollups (user_id, minute);

-- A replay, a redrive, or a worker that was killed brings rows again, perhaps an older one after a newer (002).
CREATE TRIGGER analytics_rollups_keep_latest BEFORE UPDATE ON analytics_rollups
  FOR EACH ROW WHEN (NEW.revision <= OLD.revision) EXECUTE FUNCTION analytics_rollups_keep_latest();

-- Makes the partition of a month where it is missing, with the rows that had to do without it. @returns whether it was missing
CREATE FUNCTION analytics_rollups_make_partition(of_period text, at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  parent text := 'analytics_rollups_' || of_period;
  month timestamp := date_trunc('month', at AT TIME ZONE 'UTC');
  name text := parent || to_char(month, '_YYYY_MM');
  first timestamptz := month AT TIME ZONE 'UTC';
  next timestamptz := (month + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
  IF to_regclass(name) IS NOT NULL THEN
    RETURN false;
  END IF;
  -- A row that came in between would be in the way of the partition.
  EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_rest');
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name, parent);
  EXECUTE format(
    'WITH gone AS (DELETE FROM %I WHERE minute >= %L AND minute < %L RETURNING *) INSERT INTO %I SELECT * FROM gone',
    parent || '_rest', first, next, name
  );
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name, first, next);
  RETURN true;
END
$$;

-- Makes the partitions of all periods for the months from one time to another. @returns how many were missing
CREATE FUNCTION analytics_rollups_make_partitions(first timestamptz, last timestamptz) RETURNS integer LANGUAGE sql AS $$
  SELECT coalesce(sum(analytics_rollups_make_partition(of_period, month AT TIME ZONE 'UTC')::integer), 0)::integer
  FROM unnest(ARRAY['minute', 'hour', 'day']) AS of_period,
    generate_series(date_trunc('month', first AT TIME ZONE 'UTC'), last AT TIME ZONE 'UTC', interval '1 month') AS month
$$;

-- Deletes rows of a period that are older than `before`: at most one partition at a time, once the whole of it is older,
-- then rows outside of partitions. What belongs to `held_users` stays, outside of partitions.
-- @returns rows deleted, rows held, and whether there may be more to delete
CREATE FUNCTION analytics_rollups_forget(of_period text, before timestamptz, held_users text[])
  RETURNS TABLE (deleted bigint, held bigint, more boolean) LANGUAGE plpgsql AS $$
DECLARE
  parent text := 'analytics_rollups_' || of_period;
  last_month text := parent || to_char(date_trunc('month', before AT TIME ZONE 'UTC'), '_YYYY_MM');
  oldest text;
BEGIN
  SELECT relname INTO oldest FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = to_regclass(parent) AND relname ~ '_\d{4}_\d{2}$' AND relname < last_month
    ORDER BY relname LIMIT 1;
  IF oldest IS NOT NULL THEN
    EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, oldest);
    EXECUTE format('SELECT count(*) FILTER (WHERE user_id <> ALL ($1)), count(*) FILTER (WHERE user_id = ANY ($1)) FROM %I', oldest)
      INTO deleted, held USING held_users;
    EXECUTE format('INSERT INTO analytics_rollups SELECT * FROM %I WHERE user_id = ANY ($1)', oldest) USING held_users;
    EXECUTE format('DROP TABLE %I', oldest);
    more := true;
    RETURN NEXT;
    RETURN;
  END IF;
  EXECUTE format('SELECT count(*) FROM %I WHERE minute < $1 AND user_id = ANY ($2)', parent || '_rest')
    INTO held USING before, held_users;
  EXECUTE format('DELETE FROM %I WHERE minute < $1 AND user_id <> ALL ($2)', parent || '_rest') USING before, held_users;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  more := false;
  RETURN NEXT;
END
$$;

-- Moves up to `most` rows from the table of before, and drops it once it is empty. A row that has come again meanwhile stays
-- if its revision is the later one. One call is one transaction: killed, it has moved nothing. @returns how many; 0 at the end
CREATE FUNCTION analytics_rollups_move(most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  moved integer;
BEGIN
  IF to_regclass('analytics_rollups_before') IS NULL THEN
    RETURN 0;
  END IF;
  WITH gone AS (
    DELETE FROM analytics_rollups_before WHERE ctid = ANY (ARRAY(SELECT ctid FROM analytics_rollups_before LIMIT most))
    RETURNING *
  ), placed AS (
    INSERT INTO analytics_rollups AS known
      (qr_id, minute, user_id, revision, scans, bots, visitors, countries, devices, referrers)
    SELECT qr_id, minute, user_id, revision, scans, bots, visitors, countries, devices, referrers FROM gone
    ON CONFLICT (qr_id, all_codes_of, period, minute, part) DO UPDATE SET
      user_id = excluded.user_id, revision = excluded.revision, scans = excluded.scans, bots = excluded.bots,
      visitors = excluded.visitors, countries = excluded.countries, devices = excluded.devices,
      referrers = excluded.referrers
      WHERE known.revision < excluded.revision
  )
  SELECT count(*) INTO moved FROM gone;
  IF moved = 0 THEN
    DROP TABLE analytics_rollups_before;
  END IF;
  RETURN moved;
END
$$;

-- For the rows that are there, and for two months of what comes: the daily sweep goes on from there.
SELECT analytics_rollups_make_partitions(
  coalesce((SELECT min(minute) FROM analytics_rollups_before WHERE minute > now() - interval '10 years'), now()),
  now() + interval '2 months'
);

-- The rights that the connectors' user had on the table of before (connect/database-user.sql).
DO $$
DECLARE
  grantee text;
  rights text;
BEGIN
  FOR grantee, rights IN
    SELECT grants.grantee, string_agg(DISTINCT grants.privilege_type, ', ')
    FROM information_schema.role_table_grants AS grants
    WHERE grants.table_name = 'analytics_rollups_before' AND grants.table_schema = current_schema()
      AND grants.grantee NOT IN (current_user, 'PUBLIC') GROUP BY grants.grantee
  LOOP
    EXECUTE format('GRANT %s ON analytics_rollups TO %I', rights, grantee);
  END LOOP;
END
$$;

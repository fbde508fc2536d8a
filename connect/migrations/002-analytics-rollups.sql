-- Scans by code and minute, as the analytics function counts them; written by the sink connect/rollups.json.
CREATE TABLE analytics_rollups (
  qr_id text NOT NULL,
  minute timestamptz NOT NULL,
  user_id text NOT NULL,
  -- Everything that was counted so far, so that of two rows of the same minute the later one is known.
  revision integer NOT NULL,
  scans integer NOT NULL,
  bots integer NOT NULL,
  visitors integer NOT NULL,
  countries jsonb NOT NULL,
  devices jsonb NOT NULL,
  referrers jsonb NOT NULL,
  PRIMARY KEY (qr_id, minute)
);

COMMENT ON TABLE analytics_rollups IS
  'Scans of a code in a minute. Bots are not among the scans; visitors are about right (0.8 %) and cannot be added up over minutes. A row is replaced by a later revision only.';
COMMENT ON COLUMN analytics_rollups.countries IS 'Scans by ISO 3166-1 alpha-2 code; "unknown" where nothing is known';
COMMENT ON COLUMN analytics_rollups.devices IS 'Scans by mobile, tablet, desktop, tv, other, unknown';
COMMENT ON COLUMN analytics_rollups.referrers IS 'Scans by the host that led to the code; "direct" without one, "other" beyond fifty a minute';

-- A dashboard asks for the codes of one user over some time; so does an erasure.
CREATE INDEX analytics_rollups_by_user ON analytics_rollups (user_id, minute);
-- Sweeps by age, and what happened lately: rows come in the order of time, so that a few pages of index do.
CREATE INDEX analytics_rollups_by_minute ON analytics_rollups USING brin (minute);

-- A replay, a redrive, or a worker that was killed brings rows again, perhaps an older one after a newer: only what is later
-- than the row that is there is written.
CREATE FUNCTION analytics_rollups_keep_latest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RETURN NULL;
END
$$;

CREATE TRIGGER analytics_rollups_keep_latest BEFORE UPDATE ON analytics_rollups
  FOR EACH ROW WHEN (NEW.revision <= OLD.revision) EXECUTE FUNCTION analytics_rollups_keep_latest();

COMMENT ON FUNCTION analytics_rollups_keep_latest IS 'Leaves a row as it is; its trigger says when';

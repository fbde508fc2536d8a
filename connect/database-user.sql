-- What the connectors' user may do, beside reading the write-ahead log (docs/aws.md, "Connectors on MSK Connect").
-- The outbox is read from the log; the table is looked at for its columns.
GRANT SELECT ON outbox TO qr_connect;
-- Rows are inserted, or replaced where they are there; triggers say which may be.
GRANT SELECT, INSERT, UPDATE ON analytics_rollups, payment_ledger TO qr_connect;
GRANT SELECT, INSERT ON payment_ledger_refused TO qr_connect;

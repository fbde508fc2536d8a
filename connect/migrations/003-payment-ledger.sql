-- The ledgers of all customers, written by the sink connect/ledger.json. A row is an entry with both of its sides, so the
-- books balance at any moment, whichever rows have arrived. No user is named, and nothing of a card is known.
CREATE TABLE payment_ledger (
  -- Of the customer and the provider's event; the same entry is the same row, however often it arrives.
  entry_id text PRIMARY KEY,
  customer_id text NOT NULL,
  kind text NOT NULL,
  debit_account text NOT NULL,
  credit_account text NOT NULL,
  -- In the currency's minor unit, e.g. cents: exact, and at most 2^53.
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  payment_id text NOT NULL,
  refund_id text,
  provider_event_id text NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  CHECK (debit_account <> credit_account)
);

COMMENT ON TABLE payment_ledger IS
  'Entries of double-entry books on a cash basis: append-only. Corrections are further entries. The postings are the view payment_postings.';
COMMENT ON COLUMN payment_ledger.amount IS 'Both sides of the entry, in minor units of the currency (ISO 4217)';
COMMENT ON COLUMN payment_ledger.occurred_at IS 'When the payment provider says that the money moved';
COMMENT ON COLUMN payment_ledger.recorded_at IS 'When the entry came to this table';

-- A customer's statement, a day's books, and what belongs to one payment.
CREATE INDEX payment_ledger_by_customer ON payment_ledger (customer_id, occurred_at);
CREATE INDEX payment_ledger_by_time ON payment_ledger (occurred_at);
CREATE INDEX payment_ledger_by_payment ON payment_ledger (payment_id);

-- What arrived for the ledger and is not in it.
CREATE TABLE payment_ledger_refused (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reason text NOT NULL,
  entry jsonb NOT NULL,
  refused_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE payment_ledger_refused IS
  'Entries that the ledger did not take: they are no entries, or contradict the one that is there. Should be empty; somebody has to look at each.';

CREATE FUNCTION payment_ledger_append() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  known payment_ledger;
  reason text;
BEGIN
  -- An error would stop the sink, and all later entries with it.
  reason := CASE
    WHEN NEW.amount <= 0 THEN 'the amount is not more than zero'
    WHEN NEW.currency !~ '^[A-Z]{3}$' THEN 'the currency is no ISO 4217 code'
    WHEN NEW.debit_account = NEW.credit_account THEN 'both sides are the same account'
  END;
  IF reason IS NULL THEN
    SELECT * INTO known FROM payment_ledger WHERE entry_id = NEW.entry_id;
    IF NOT FOUND THEN
      RETURN NEW;
    END IF;
    IF to_jsonb(known) - 'recorded_at' = to_jsonb(NEW) - 'recorded_at' THEN
      RETURN NULL;
    END IF;
    reason := 'another entry with this id is there';
  END IF;
  -- The same contradiction told again is no news.
  INSERT INTO payment_ledger_refused (reason, entry)
    SELECT reason, to_jsonb(NEW) - 'recorded_at'
    WHERE NOT EXISTS (
      SELECT 1 FROM payment_ledger_refused AS before WHERE before.entry = to_jsonb(NEW) - 'recorded_at'
    );
  RETURN NULL;
END
$$;

CREATE TRIGGER payment_ledger_append BEFORE INSERT ON payment_ledger
  FOR EACH ROW EXECUTE FUNCTION payment_ledger_append();

CREATE FUNCTION payment_ledger_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'payment_ledger is append-only: correct an entry by a further one';
END
$$;

CREATE TRIGGER payment_ledger_unchanged BEFORE UPDATE ON payment_ledger
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION payment_ledger_unchanged();
CREATE TRIGGER payment_ledger_kept BEFORE DELETE ON payment_ledger
  FOR EACH ROW EXECUTE FUNCTION payment_ledger_unchanged();
CREATE TRIGGER payment_ledger_not_emptied BEFORE TRUNCATE ON payment_ledger
  FOR EACH STATEMENT EXECUTE FUNCTION payment_ledger_unchanged();

CREATE VIEW payment_postings AS
  SELECT entry_id, 1 AS line, occurred_at, customer_id, debit_account AS account, amount AS debit, 0::bigint AS credit,
         currency, kind, payment_id, refund_id, provider_event_id
  FROM payment_ledger
  UNION ALL
  SELECT entry_id, 2, occurred_at, customer_id, credit_account, 0, amount,
         currency, kind, payment_id, refund_id, provider_event_id
  FROM payment_ledger;

COMMENT ON VIEW payment_postings IS 'The two postings of each entry, as account books have them';

CREATE VIEW payment_balances AS
  SELECT customer_id, currency, account, sum(debit) AS debit, sum(credit) AS credit, sum(debit) - sum(credit) AS balance
  FROM payment_postings GROUP BY customer_id, currency, account;

COMMENT ON VIEW payment_balances IS 'Balances by customer, currency and account, in minor units: debits positive, credits negative';

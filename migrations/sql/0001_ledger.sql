-- The ledger's own proofs: rows never change, entries balance, guarded accounts never fall below zero.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_postings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON contact_reads FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON listing_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON ledger_entries EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON ledger_postings EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON events EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON ledger_accounts EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON contact_reads EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON listing_versions EXECUTE FUNCTION refuse_change();

-- An account's balance moves with its postings and by nothing else.
CREATE FUNCTION refuse_hand_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'a balance moves with its postings only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER by_postings_only BEFORE UPDATE ON ledger_accounts FOR EACH ROW EXECUTE FUNCTION refuse_hand_balance();
CREATE TRIGGER never_removed BEFORE DELETE ON ledger_accounts FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION ledger_move_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ledger_accounts SET balance = balance + sign * NEW.amount
  WHERE id = NEW.account_id AND is_guarded
  RETURNING balance INTO NEW.balance_after;
  RETURN NEW;
END $$;
CREATE TRIGGER move_balance BEFORE INSERT ON ledger_postings FOR EACH ROW EXECUTE FUNCTION ledger_move_balance();

-- Postings belong to the transaction that wrote their entry: nothing is added to an entry later.
CREATE FUNCTION refuse_late_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh JOIN ledger_entries e ON e.id = fresh.entry_id WHERE e.tx <> pg_current_xact_id()
  ) THEN
    RAISE EXCEPTION 'an entry takes no postings after its own transaction' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER same_transaction AFTER INSERT ON ledger_postings REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_postings();

-- At commit an entry balances, has two postings or more, and touches accounts of its own currency only.
CREATE FUNCTION ledger_prove_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  total bigint;
  lines integer;
  strangers integer;
BEGIN
  SELECT coalesce(sum(p.amount), 0), count(*), count(*) FILTER (WHERE a.currency <> NEW.currency)
    INTO total, lines, strangers
  FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id WHERE p.entry_id = NEW.id;
  IF total <> 0 OR lines < 2 OR strangers > 0 THEN
    RAISE EXCEPTION 'entry % does not balance: sum %, % postings, % in another currency', NEW.key, total, lines, strangers
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balances';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balances AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION ledger_prove_entry();

-- What an entry says, as a digest: key, kind, reference, currency, time, and its sorted postings as `(account,amount)`.
CREATE FUNCTION ledger_content(key text, kind text, reference uuid, currency text, at timestamptz, postings text[])
RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(
    concat_ws('|', key, kind, reference, currency, extract(epoch FROM at)::text,
      (SELECT string_agg(posting, ';' ORDER BY posting COLLATE "C") FROM unnest(postings) AS posting)), 'UTF8'))
$$;

-- The one way to write money. Locks guarded accounts by id, wallets last. The same key and content again is the
-- earlier entry; the same key with other content is an error.
CREATE FUNCTION ledger_post(
  p_id uuid, p_key text, p_kind text, p_reference uuid, p_currency text, p_actor uuid, p_at timestamptz,
  p_accounts text[], p_owners uuid[], p_amounts bigint[]
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  earlier ledger_entries;
  lines text[];
BEGIN
  INSERT INTO ledger_accounts (kind, owner_id, currency, sign, is_guarded, balance)
  SELECT DISTINCT k.kind, l.owner, p_currency, k.sign, k.is_guarded, CASE WHEN k.is_guarded THEN 0 END
  FROM unnest(p_accounts, p_owners) AS l(account, owner) JOIN ledger_kinds k ON k.kind = l.account
  WHERE NOT EXISTS (
    SELECT 1 FROM ledger_accounts a
    WHERE a.kind = l.account AND a.owner_id IS NOT DISTINCT FROM l.owner AND a.currency = p_currency)
  ORDER BY k.kind, l.owner
  ON CONFLICT DO NOTHING;

  SELECT array_agg((a.id, l.amount)::text) INTO lines
  FROM unnest(p_accounts, p_owners, p_amounts) AS l(account, owner, amount)
  JOIN ledger_accounts a
    ON a.kind = l.account AND a.owner_id IS NOT DISTINCT FROM l.owner AND a.currency = p_currency;
  IF coalesce(cardinality(lines), 0) <> cardinality(p_accounts) THEN
    RAISE EXCEPTION 'an account of % is of no known kind', p_kind USING ERRCODE = 'foreign_key_violation';
  END IF;

  INSERT INTO ledger_entries (id, key, kind, reference_id, currency, actor_id, at, content)
  VALUES (p_id, p_key, p_kind, p_reference, p_currency, p_actor, p_at,
    ledger_content(p_key, p_kind, p_reference, p_currency, p_at, lines))
  ON CONFLICT (key) DO NOTHING;
  IF NOT FOUND THEN
    SELECT * INTO STRICT earlier FROM ledger_entries WHERE key = p_key;
    IF earlier.content = ledger_content(p_key, p_kind, p_reference, p_currency, earlier.at, lines) THEN
      RETURN earlier.id;
    END IF;
    RAISE EXCEPTION 'ledger_key_conflict' USING ERRCODE = 'FL409', DETAIL = p_key;
  END IF;

  PERFORM a.id FROM ledger_accounts a
  JOIN unnest(p_accounts, p_owners) AS l(account, owner)
    ON a.kind = l.account AND a.owner_id IS NOT DISTINCT FROM l.owner AND a.currency = p_currency
  WHERE a.is_guarded
  ORDER BY a.kind LIKE 'wallet%', a.id
  FOR NO KEY UPDATE OF a;

  INSERT INTO ledger_postings (entry_id, account_id, amount)
  SELECT p_id, a.id, l.amount
  FROM unnest(p_accounts, p_owners, p_amounts) AS l(account, owner, amount)
  JOIN ledger_accounts a
    ON a.kind = l.account AND a.owner_id IS NOT DISTINCT FROM l.owner AND a.currency = p_currency;
  RETURN p_id;
END $$;

INSERT INTO ledger_kinds (kind, sign, is_guarded) VALUES
  ('stripe_clearing', 1, false),
  ('stripe_balance', 1, false),
  ('processing_fee', 1, false),
  ('fee_revenue', -1, false),
  ('wallet_cash', -1, true),
  ('held', -1, true),
  ('supplier_payable', -1, true),
  ('supplier_reserve', -1, true);

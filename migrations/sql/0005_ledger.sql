-- Posting finds each account by its index, whatever the number of accounts: an order brings one of its own.

-- The id of an account, made when it is missing. Callers that need several ask in the order of kind and owner, so that
-- two of them making the same accounts never wait for each other.
CREATE FUNCTION ledger_account(p_kind text, p_owner uuid, p_currency text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  found_id bigint;
BEGIN
  FOR try IN 1 .. 2 LOOP
    IF p_owner IS NULL THEN  -- IS NOT DISTINCT FROM would say both at once, but no index serves it
      SELECT id INTO found_id FROM ledger_accounts WHERE kind = p_kind AND owner_id IS NULL AND currency = p_currency;
    ELSE
      SELECT id INTO found_id FROM ledger_accounts WHERE kind = p_kind AND owner_id = p_owner AND currency = p_currency;
    END IF;
    IF FOUND THEN
      RETURN found_id;
    END IF;
    INSERT INTO ledger_accounts (kind, owner_id, currency, sign, is_guarded, balance)
    SELECT k.kind, p_owner, p_currency, k.sign, k.is_guarded, CASE WHEN k.is_guarded THEN 0 END
    FROM ledger_kinds k WHERE k.kind = p_kind
    ON CONFLICT DO NOTHING RETURNING id INTO found_id;
    IF FOUND THEN
      RETURN found_id;
    END IF;
  END LOOP;  -- a twin was faster: the second try reads its row
  RAISE EXCEPTION 'there is no kind of account named %', p_kind USING ERRCODE = 'foreign_key_violation';
END $$;

-- The same digest as before; in this language its statement is planned once a session, not with each entry.
CREATE OR REPLACE FUNCTION ledger_content(
  key text, kind text, reference uuid, currency text, at timestamptz, postings text[]
) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN sha256(convert_to(
    concat_ws('|', key, kind, reference, currency, extract(epoch FROM at)::text,
      (SELECT string_agg(posting, ';' ORDER BY posting COLLATE "C") FROM unnest(postings) AS posting)), 'UTF8'));
END $$;

-- The one way to write money. Locks guarded accounts by id, wallets last. The same key and content again is the
-- earlier entry; the same key with other content is an error.
CREATE OR REPLACE FUNCTION ledger_post(
  p_id uuid, p_key text, p_kind text, p_reference uuid, p_currency text, p_actor uuid, p_at timestamptz,
  p_accounts text[], p_owners uuid[], p_amounts bigint[]
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  earlier ledger_entries;
  line record;
  ids bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(p_accounts)]);
  lines text[];
BEGIN
  FOR line IN
    SELECT l.account, l.owner, l.place
    FROM unnest(p_accounts, p_owners) WITH ORDINALITY AS l(account, owner, place) ORDER BY l.account, l.owner
  LOOP
    ids[line.place] := ledger_account(line.account, line.owner, p_currency);
  END LOOP;
  SELECT array_agg((l.id, l.amount)::text) INTO lines FROM unnest(ids, p_amounts) AS l(id, amount);

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

  PERFORM a.id FROM ledger_accounts a WHERE a.id = ANY (ids) AND a.is_guarded
  ORDER BY a.kind LIKE 'wallet%', a.id
  FOR NO KEY UPDATE OF a;

  INSERT INTO ledger_postings (entry_id, account_id, amount)
  SELECT p_id, l.id, l.amount FROM unnest(ids, p_amounts) AS l(id, amount);
  RETURN p_id;
END $$;

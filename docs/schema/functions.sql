-- Our SQL functions as the database has them after all migrations, by name; below each the triggers that call it.
-- A test holds this page against the database. After a migration that changes one: make schema

CREATE OR REPLACE FUNCTION public.acquire_order(p_order uuid, p_entry uuid, p_event uuid, p_lead uuid, p_buyer uuid, p_user uuid, p_via text, p_price bigint, p_currency text, p_now timestamp with time zone, p_key text, p_asked bytea, p_trial jsonb, p_terms_version integer)
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
DECLARE
  earlier uuid := enter_order('per_sale', p_order, p_event, p_lead, p_buyer, p_user, p_via, p_price, p_currency, p_now,
    p_key, p_asked, p_trial, p_terms_version);
BEGIN
  IF earlier IS NOT NULL THEN
    RETURN earlier;
  END IF;
  INSERT INTO acquisitions (
    order_id, buyer_id, report_due_at, next_step_at, reminders, is_overdue, deposit_back, no_sale_note
  )
  SELECT o.id, o.buyer_id, o.releasable_at, p_now + (o.releasable_at - p_now) / 3, 0, false, false, ''
  FROM orders o WHERE o.id = p_order;
  PERFORM ledger_post(
    p_entry, 'order:' || p_order || ':deposit', 'deposit', p_order, p_currency, p_user, p_now,
    ARRAY['wallet_cash', 'order_deposit'], ARRAY[p_buyer, p_order], ARRAY[p_price, -p_price]);
  RETURN p_order;
END $function$;

CREATE OR REPLACE FUNCTION public.count_by_one()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.last = 1 THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.last = OLD.last + 1 AND (NEW.kind, NEW.year) = (OLD.kind, OLD.year) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a series of numbers counts up by one' USING ERRCODE = 'restrict_violation';
END $function$;
CREATE TRIGGER by_one BEFORE INSERT OR UPDATE ON public.document_series FOR EACH ROW EXECUTE FUNCTION count_by_one();

CREATE OR REPLACE FUNCTION public.enter_order(p_pricing text, p_order uuid, p_event uuid, p_lead uuid, p_buyer uuid, p_user uuid, p_via text, p_price bigint, p_currency text, p_now timestamp with time zone, p_key text, p_asked bytea, p_trial jsonb, p_terms_version integer)
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
DECLARE
  earlier idempotency_keys;
  lead leads;
  offer listings;
  rates grade_terms;
  window_days integer;
  is_per_sale boolean := p_pricing = 'per_sale';
BEGIN
  IF p_key IS NOT NULL THEN
    INSERT INTO idempotency_keys (org_id, key, asked, resource_id, created_at)
    VALUES (p_buyer, p_key, p_asked, p_order, p_now) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      SELECT * INTO earlier FROM idempotency_keys WHERE org_id = p_buyer AND key = p_key;
      IF earlier.asked <> p_asked THEN
        PERFORM refuse('idempotency_conflict');
      END IF;
      RETURN earlier.resource_id;
    END IF;
  END IF;

  UPDATE leads SET slots_taken = slots_taken + 1,
    state = CASE WHEN slots_taken + 1 = slots_total THEN 'sold_out' ELSE state END
  WHERE id = p_lead AND state = 'available' AND slots_taken < slots_total AND expires_at > p_now
  RETURNING * INTO lead;
  IF NOT FOUND THEN
    SELECT * INTO lead FROM leads WHERE id = p_lead;
    PERFORM refuse(CASE
      WHEN lead.id IS NULL THEN 'not_found'
      WHEN EXISTS (SELECT 1 FROM orders o WHERE o.lead_id = p_lead AND o.buyer_id = p_buyer) THEN 'already_bought'
      WHEN lead.state = 'sold_out' THEN 'lead_sold'
      ELSE 'lead_not_offered' END);
  END IF;

  SELECT * INTO STRICT offer FROM listings WHERE id = lead.listing_id;
  IF lead.agency_id = p_buyer OR EXISTS (
    SELECT 1 FROM memberships a JOIN memberships b ON b.user_id = a.user_id
    WHERE a.org_id = lead.agency_id AND b.org_id = p_buyer
  ) OR EXISTS (SELECT 1 FROM linked_parties l WHERE l.agency_id = lead.agency_id AND l.buyer_id = p_buyer) THEN
    PERFORM refuse('own_lead');
  ELSIF EXISTS (SELECT 1 FROM orders o WHERE o.lead_id = p_lead AND o.buyer_id = p_buyer) THEN
    PERFORM refuse('already_bought');
  ELSIF offer.state <> 'active' THEN
    PERFORM refuse('lead_not_offered');
  END IF;
  PERFORM refuse_kept_back(p_lead, p_buyer, p_now);
  IF offer.pricing <> p_pricing OR offer.version <> p_terms_version THEN
    PERFORM refuse(CASE WHEN is_per_sale THEN 'terms_changed' ELSE 'terms_not_agreed' END);
  ELSIF price_at(offer.price_cents, offer.price_curve, p_now - lead.submitted_at) <> p_price
    OR offer.currency <> p_currency THEN
    PERFORM refuse('price_changed');
  END IF;
  PERFORM refuse_debtor(p_buyer, p_now);
  IF is_per_sale THEN
    IF EXISTS (SELECT 1 FROM acquisitions a WHERE a.buyer_id = p_buyer AND a.is_overdue) THEN
      PERFORM refuse('reports_overdue');
    END IF;
    IF EXISTS (SELECT 1 FROM prepaid_buyers p WHERE p.buyer_id = p_buyer) THEN
      PERFORM refuse('prepaid_only');
    END IF;
  END IF;
  IF p_trial IS NOT NULL THEN
    PERFORM refuse_beyond_trial(p_buyer, lead.vertical, p_price, p_now - interval '24 hours', p_trial);
  END IF;

  -- who read the terms before a shorter window came still buys under the longer one
  window_days := CASE WHEN offer.earlier_window_until > p_now
    THEN greatest(offer.window_days, offer.earlier_window_days) ELSE offer.window_days END;
  SELECT t.* INTO STRICT rates
  FROM organisations agency JOIN grade_terms t ON t.grade = agency.grade AND t.since <= p_now
  WHERE agency.id = lead.agency_id
  ORDER BY t.number DESC LIMIT 1;

  INSERT INTO orders (
    id, lead_id, slot, buyer_id, agency_id, placed_by, listing_id, listing_version, pricing, state, price_cents, currency,
    refunded_cents, fee_bp, reserve_bp, reserve_days, reserve_paid, placed_at, window_ends_at, releasable_at
  ) VALUES (
    p_order, lead.id, lead.slots_taken, p_buyer, lead.agency_id, p_user, offer.id, offer.version, p_pricing,
    CASE WHEN is_per_sale THEN 'acquired' ELSE 'held' END, p_price,
    p_currency, 0, rates.fee_bp, rates.reserve_bp, rates.reserve_days, false, p_now,
    p_now + make_interval(days => window_days),
    p_now + make_interval(days => CASE WHEN is_per_sale
      THEN (offer.commission ->> 'report_days')::integer ELSE window_days END)
  );
  INSERT INTO contact_rights (lead_id, org_id, order_id, since) VALUES (lead.id, p_buyer, p_order, p_now);
  INSERT INTO events (id, name, subject_id, org_ids, actor_id, via, data, at) VALUES (
    p_event, 'order.placed', p_order, ARRAY[p_buyer, lead.agency_id], p_user, p_via,
    CASE WHEN is_per_sale
      THEN jsonb_build_object('lead_id', lead.id, 'listing_id', offer.id, 'price_cents', p_price,
        'currency', p_currency, 'pricing', 'per_sale')
      ELSE jsonb_build_object('lead_id', lead.id, 'listing_id', offer.id, 'price_cents', p_price,
        'currency', p_currency) END, p_now);
  INSERT INTO events_pending (event_id) VALUES (p_event);
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.fallen_price(p_price bigint, p_curve jsonb, p_age interval)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT CASE WHEN count(*) = 0 THEN p_price
    ELSE greatest((p_curve ->> 'floor_cents')::bigint, (p_price * min((step ->> 'percent')::bigint) + 50) / 100) END
  FROM jsonb_array_elements(p_curve -> 'steps') AS step
  WHERE p_age >= make_interval(hours => (step ->> 'after_hours')::integer)
$function$;

CREATE OR REPLACE FUNCTION public.held_leads()
 RETURNS TABLE(lead_id uuid)
 LANGUAGE sql
 STABLE
AS $function$
  SELECT l.id
  FROM lead_holds h JOIN leads l ON l.agency_id = h.agency_id AND h.channel IN ('', l.channel) AND l.received_at >= h.since
$function$;

CREATE OR REPLACE FUNCTION public.hold_price(p_entry uuid, p_order uuid, p_buyer uuid, p_price bigint, p_currency text, p_user uuid, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
  gift record;
  rest bigint := p_price;
  part bigint;
  accounts text[] := '{}';
  owners uuid[] := '{}';
  amounts bigint[] := '{}';
BEGIN
  FOR gift IN
    SELECT g.id, a.balance FROM promo_grants g
    JOIN ledger_accounts a ON a.kind = 'wallet_promo' AND a.owner_id = g.id AND a.currency = p_currency
    WHERE g.org_id = p_buyer AND g.ends_at > p_now AND a.balance > 0
    ORDER BY g.ends_at, g.id
    FOR NO KEY UPDATE OF a
  LOOP
    EXIT WHEN rest = 0;
    part := least(rest, gift.balance);
    INSERT INTO order_promos (order_id, grant_id, cents) VALUES (p_order, gift.id, part);
    accounts := accounts || 'wallet_promo'::text;
    owners := owners || gift.id;
    amounts := amounts || part;
    rest := rest - part;
  END LOOP;
  IF rest > 0 THEN
    accounts := accounts || 'wallet_cash'::text;
    owners := owners || p_buyer;
    amounts := amounts || rest;
  END IF;
  PERFORM ledger_post(
    p_entry, 'order:' || p_order || ':hold', 'hold', p_order, p_currency, p_user, p_now,
    accounts || 'held'::text, owners || p_order, amounts || -p_price);
END $function$;

CREATE OR REPLACE FUNCTION public.kept_from(p_buyer uuid, p_now timestamp with time zone)
 RETURNS TABLE(lead_id uuid)
 LANGUAGE sql
 STABLE
AS $function$
  SELECT t.lead_id
  FROM contact_rights r JOIN lead_twins t ON t.twin_id = r.lead_id
  WHERE r.org_id = p_buyer AND r.since > p_now - interval '90 days'
$function$;

CREATE OR REPLACE FUNCTION public.leads_offered(p_now timestamp with time zone)
 RETURNS SETOF leads
 LANGUAGE sql
 STABLE
AS $function$
  SELECT l.* FROM leads_on_sale(p_now) l WHERE NOT EXISTS (SELECT 1 FROM stopped_leads() s WHERE s.lead_id = l.id)
$function$;

CREATE OR REPLACE FUNCTION public.leads_on_sale(p_now timestamp with time zone)
 RETURNS SETOF leads
 LANGUAGE sql
 STABLE
AS $function$
  SELECT l.*
  FROM leads l JOIN listings i ON i.id = l.listing_id
  WHERE l.state = 'available' AND l.expires_at > p_now AND i.state = 'active'
    AND NOT EXISTS (SELECT 1 FROM full_agencies f WHERE f.agency_id = l.agency_id)
    AND NOT EXISTS (SELECT 1 FROM held_leads() h WHERE h.lead_id = l.id)
$function$;

CREATE OR REPLACE FUNCTION public.ledger_account(p_kind text, p_owner uuid, p_currency text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION public.ledger_content(key text, kind text, reference uuid, currency text, at timestamp with time zone, postings text[])
 RETURNS bytea
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
  RETURN sha256(convert_to(
    concat_ws('|', key, kind, reference, currency, extract(epoch FROM at)::text,
      (SELECT string_agg(posting, ';' ORDER BY posting COLLATE "C") FROM unnest(postings) AS posting)), 'UTF8'));
END $function$;

CREATE OR REPLACE FUNCTION public.ledger_follow_head()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
  head ledger_blocks;
BEGIN
  SELECT * INTO head FROM ledger_blocks ORDER BY number DESC LIMIT 1;
  IF NEW.number <> coalesce(head.number, 0) + 1
    OR NEW.previous <> coalesce(head.hash, decode(repeat('00', 32), 'hex'))
    OR NEW.total <> coalesce(head.total, 0) + NEW.entries THEN
    RAISE EXCEPTION 'block % does not follow the head of the chain', NEW.number
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_block_follows';
  END IF;
  RETURN NEW;
END $function$;
CREATE TRIGGER follows BEFORE INSERT ON public.ledger_blocks FOR EACH ROW EXECUTE FUNCTION ledger_follow_head();

CREATE OR REPLACE FUNCTION public.ledger_move_balance()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  UPDATE ledger_accounts SET balance = balance + sign * NEW.amount
  WHERE id = NEW.account_id AND is_guarded
  RETURNING balance INTO NEW.balance_after;
  RETURN NEW;
END $function$;
CREATE TRIGGER move_balance BEFORE INSERT ON public.ledger_postings FOR EACH ROW EXECUTE FUNCTION ledger_move_balance();

CREATE OR REPLACE FUNCTION public.ledger_post(p_id uuid, p_key text, p_kind text, p_reference uuid, p_currency text, p_actor uuid, p_at timestamp with time zone, p_accounts text[], p_owners uuid[], p_amounts bigint[])
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION public.ledger_prove_entry()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
END $function$;
CREATE CONSTRAINT TRIGGER balances AFTER INSERT ON public.ledger_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_prove_entry();

CREATE OR REPLACE FUNCTION public.ledger_wait_for_seal()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO ledger_unsealed (tx, entry_id) VALUES (NEW.tx, NEW.id);
  RETURN NULL;
END $function$;
CREATE TRIGGER waits_for_seal AFTER INSERT ON public.ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_wait_for_seal();

CREATE OR REPLACE FUNCTION public.link_parties(p_now timestamp with time zone, p_kind text DEFAULT NULL::text, p_digest bytea DEFAULT NULL::bytea)
 RETURNS SETOF linked_parties
 LANGUAGE plpgsql
AS $function$
BEGIN
  RETURN QUERY WITH shared AS (
    SELECT a.org_id AS one, b.org_id AS other, a.kind
    FROM payment_marks a JOIN payment_marks b ON b.kind = a.kind AND b.digest = a.digest AND b.org_id <> a.org_id
    WHERE p_digest IS NULL OR (a.kind = p_kind AND a.digest = p_digest)
  ), pairs AS (
    SELECT agency.id AS agency_id, buyer.id AS buyer_id, min(shared.kind) AS why
    FROM shared
    CROSS JOIN LATERAL (
      SELECT shared.one AS id UNION
      SELECT n.org_id FROM memberships m JOIN memberships n ON n.user_id = m.user_id WHERE m.org_id = shared.one) a
    CROSS JOIN LATERAL (
      SELECT shared.other AS id UNION
      SELECT n.org_id FROM memberships m JOIN memberships n ON n.user_id = m.user_id WHERE m.org_id = shared.other) b
    JOIN organisations agency ON agency.id = a.id AND agency.kind = 'agency'
    JOIN organisations buyer ON buyer.id = b.id AND buyer.kind = 'buyer'
    GROUP BY agency.id, buyer.id
  ), gone AS (
    DELETE FROM linked_parties old
    WHERE p_digest IS NULL
      AND NOT EXISTS (SELECT 1 FROM pairs WHERE pairs.agency_id = old.agency_id AND pairs.buyer_id = old.buyer_id)
  )
  INSERT INTO linked_parties (agency_id, buyer_id, why, since)
  SELECT pairs.agency_id, pairs.buyer_id, pairs.why, p_now FROM pairs
  ON CONFLICT DO NOTHING
  RETURNING linked_parties.*;
END $function$;

CREATE OR REPLACE FUNCTION public.lock_persons(p_leads uuid[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
  PERFORM pair_twins(p_leads);
  -- in one order for everybody, and before any wallet: nobody waits in a circle
  PERFORM pg_advisory_xact_lock(person.key) FROM (
    SELECT DISTINCT hashtextextended('person:' || encode(k.digest, 'hex'), 0) AS key
    FROM lead_twins t JOIN lead_keys k ON k.lead_id = t.lead_id AND k.kind IN ('phone', 'email')
    WHERE t.lead_id = ANY (p_leads) ORDER BY key
  ) person;
END $function$;

CREATE OR REPLACE FUNCTION public.order_moves(p_pricing text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE
AS $function$
  SELECT CASE p_pricing WHEN 'per_lead' THEN ARRAY[
    'held disputed', 'held released', 'held frozen',
    'disputed held', 'disputed partly_refunded', 'disputed refunded', 'disputed frozen',
    'partly_refunded disputed', 'partly_refunded released', 'partly_refunded frozen',
    'released clawed_back',
    'frozen held', 'frozen disputed', 'frozen partly_refunded', 'frozen charged_back'
  ] ELSE ARRAY[
    'acquired reported', 'acquired no_sale_claimed', 'acquired overdue', 'acquired disputed',
    'disputed refunded', 'disputed acquired',
    'reported commission_due', 'reported held', 'reported released', 'reported reversed', 'reported acquired',
    'reported closed_no_sale',
    'commission_due reported', 'commission_due held', 'commission_due released', 'commission_due reversed',
    'held reported', 'held commission_due', 'held released', 'held reversed',
    'released reported', 'released commission_due', 'released held',
    'reversed reported', 'reversed commission_due', 'reversed held',
    'no_sale_claimed reported', 'no_sale_claimed closed_no_sale', 'no_sale_claimed audit',
    'overdue reported', 'overdue no_sale_claimed', 'overdue audit',
    'audit reported', 'audit closed_no_sale', 'audit commission_due', 'audit held',
    'closed_no_sale reported'
  ] END
$function$;

CREATE OR REPLACE FUNCTION public.pair_twins(p_leads uuid[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO lead_twins (lead_id, twin_id)
  SELECT DISTINCT way.one, way.other
  FROM unnest(p_leads) AS asked (id)
  JOIN lead_keys a ON a.lead_id = asked.id AND a.kind IN ('phone', 'email')
  JOIN lead_keys b ON b.digest = a.digest AND b.lead_id <> a.lead_id
  CROSS JOIN LATERAL (VALUES (a.lead_id, b.lead_id), (b.lead_id, a.lead_id)) AS way (one, other)
  ORDER BY way.one, way.other
  ON CONFLICT DO NOTHING;
END $function$;

CREATE OR REPLACE FUNCTION public.place_order(p_order uuid, p_entry uuid, p_event uuid, p_lead uuid, p_buyer uuid, p_user uuid, p_via text, p_price bigint, p_currency text, p_now timestamp with time zone, p_key text, p_asked bytea, p_trial jsonb)
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
DECLARE
  earlier uuid := enter_order('per_lead', p_order, p_event, p_lead, p_buyer, p_user, p_via, p_price, p_currency, p_now,
    p_key, p_asked, p_trial, NULL);
BEGIN
  IF earlier IS NOT NULL THEN
    RETURN earlier;
  END IF;
  PERFORM hold_price(p_entry, p_order, p_buyer, p_price, p_currency, p_user, p_now);
  RETURN p_order;
END $function$;

CREATE OR REPLACE FUNCTION public.place_order_row(p_may boolean, p_order uuid, p_entry uuid, p_event uuid, p_lead uuid, p_buyer uuid, p_user uuid, p_via text, p_price bigint, p_currency text, p_now timestamp with time zone, p_key text, p_asked bytea, p_trial jsonb)
 RETURNS SETOF orders
 LANGUAGE plpgsql
 ROWS 1
AS $function$
DECLARE
  placed uuid;
BEGIN
  IF p_may THEN
    placed := place_order(
      p_order, p_entry, p_event, p_lead, p_buyer, p_user, p_via, p_price, p_currency, p_now, p_key, p_asked, p_trial);
    RETURN QUERY SELECT * FROM orders WHERE id = placed;
  END IF;
END $function$;

CREATE OR REPLACE FUNCTION public.price_at(p_price bigint, p_curve jsonb, p_age interval)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT CASE WHEN p_curve IS NULL THEN p_price ELSE fallen_price(p_price, p_curve, p_age) END
$function$;

CREATE OR REPLACE FUNCTION public.promised_elsewhere(p_now timestamp with time zone)
 RETURNS TABLE(lead_id uuid)
 LANGUAGE sql
 STABLE
AS $function$
  SELECT mine.id
  FROM lead_twins t
  JOIN leads mine ON mine.id = t.lead_id AND mine.slots_total = 1
  JOIN leads twin ON twin.id = t.twin_id AND twin.agency_id <> mine.agency_id
  WHERE (twin.submitted_at, twin.id) < (mine.submitted_at, mine.id) AND twin.received_at > p_now - interval '14 days'
    -- OFFSET: looked up for each of the few that are left, never made a join with all that is offered
    AND EXISTS (SELECT 1 FROM leads_offered(p_now) o WHERE o.id = twin.id OFFSET 0)
$function$;

CREATE OR REPLACE FUNCTION public.prove_document()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
  lines integer;
  strangers integer;
  total bigint;
BEGIN
  SELECT count(*), count(*) FILTER (WHERE l.kind <> NEW.kind), coalesce(sum(l.amount_cents), 0)
    INTO lines, strangers, total
  FROM document_lines l WHERE l.document_id = NEW.id;
  IF lines = 0 OR strangers > 0 OR total + coalesce(NEW.opening_cents, 0) <> NEW.total_cents THEN
    RAISE EXCEPTION 'document % does not add up: % lines, sum %', NEW.id, lines, total
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_adds_up';
  END IF;
  IF NEW.number NOT BETWEEN 1 AND (SELECT s.last FROM document_series s WHERE s.kind = NEW.kind AND s.year = NEW.year) THEN
    RAISE EXCEPTION 'document % has a number that was not counted', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_number_counted';
  END IF;
  IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM documents c JOIN documents n ON n.corrects_id = c.id
    WHERE c.id = NEW.corrects_id AND c.org_id = NEW.org_id AND c.currency = NEW.currency
    GROUP BY c.id HAVING sum(n.total_cents) <= c.total_cents AND sum(n.vat_cents) <= c.vat_cents
  ) THEN
    RAISE EXCEPTION 'document % corrects more than there was', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_corrects';
  END IF;
  RETURN NULL;
END $function$;
CREATE CONSTRAINT TRIGGER proven AFTER INSERT ON public.documents DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION prove_document();

CREATE OR REPLACE FUNCTION public.prove_number()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM documents d WHERE d.kind = NEW.kind AND d.year = NEW.year AND d.number = NEW.last
  ) THEN
    RAISE EXCEPTION 'number % of % in % has no document', NEW.last, NEW.kind, NEW.year
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_number_used';
  END IF;
  RETURN NULL;
END $function$;
CREATE CONSTRAINT TRIGGER used AFTER INSERT OR UPDATE ON public.document_series DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION prove_number();

CREATE OR REPLACE FUNCTION public.refuse(code text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '%', code USING ERRCODE = 'FL001';
END $function$;

CREATE OR REPLACE FUNCTION public.refuse_beyond_trial(p_buyer uuid, p_vertical text, p_price bigint, p_since timestamp with time zone, p_trial jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
  bought record;
BEGIN
  IF p_trial -> 'closed' ? p_vertical THEN
    PERFORM refuse('not_verified');
  END IF;
  PERFORM 1 FROM organisations WHERE id = p_buyer FOR NO KEY UPDATE;
  SELECT count(*) AS leads, coalesce(sum(price_cents), 0) AS cents INTO bought
  FROM orders WHERE buyer_id = p_buyer AND placed_at > p_since;
  IF bought.leads >= (p_trial ->> 'leads')::int OR bought.cents + p_price > (p_trial ->> 'cents')::bigint THEN
    PERFORM refuse('trial_limit');
  END IF;
END $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $function$;
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.check_runs FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.check_runs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.contact_comparisons FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.contact_comparisons FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.contact_reads FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.contact_reads FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.document_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.document_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.document_months FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE ON public.document_series FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.document_series FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.documents FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.documents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.grade_terms FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.grade_terms FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE ON public.ledger_accounts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.ledger_accounts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.ledger_blocks FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.ledger_blocks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.ledger_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.ledger_heads FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.ledger_heads FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.ledger_postings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.ledger_postings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.ledger_unsealed FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.listing_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.listing_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.order_promos FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON public.order_promos FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION public.refuse_debtor(p_buyer uuid, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF EXISTS (SELECT 1 FROM sales s WHERE s.buyer_id = p_buyer AND s.stops_buying_at <= p_now) THEN
    PERFORM refuse('commission_due');
  END IF;
END $function$;

CREATE OR REPLACE FUNCTION public.refuse_hand_balance()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'a balance moves with its postings only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $function$;
CREATE TRIGGER by_postings_only BEFORE UPDATE ON public.ledger_accounts FOR EACH ROW EXECUTE FUNCTION refuse_hand_balance();

CREATE OR REPLACE FUNCTION public.refuse_held_lead()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF EXISTS (SELECT 1 FROM held_leads() h WHERE h.lead_id = NEW.lead_id)
    OR EXISTS (SELECT 1 FROM stopped_leads() s WHERE s.lead_id = NEW.lead_id) THEN
    PERFORM refuse('lead_not_offered');
  END IF;
  RETURN NEW;
END $function$;
CREATE TRIGGER not_held BEFORE INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION refuse_held_lead();

CREATE OR REPLACE FUNCTION public.refuse_kept_back(p_lead uuid, p_buyer uuid, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
  PERFORM lock_persons(ARRAY[p_lead]);
  IF EXISTS (SELECT 1 FROM held_leads() h WHERE h.lead_id = p_lead)
    OR EXISTS (SELECT 1 FROM stopped_leads() s WHERE s.lead_id = p_lead)
    OR EXISTS (SELECT 1 FROM lead_twins t WHERE t.lead_id = p_lead) AND (
      EXISTS (SELECT 1 FROM kept_from(p_buyer, p_now) k WHERE k.lead_id = p_lead)
      OR EXISTS (SELECT 1 FROM sold_elsewhere(p_now) s WHERE s.lead_id = p_lead)
      OR EXISTS (SELECT 1 FROM promised_elsewhere(p_now) p WHERE p.lead_id = p_lead)
    ) THEN
    PERFORM refuse('lead_not_offered');
  END IF;
END $function$;

CREATE OR REPLACE FUNCTION public.refuse_late_lines()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh JOIN documents d ON d.id = fresh.document_id WHERE d.tx <> pg_current_xact_id()
  ) THEN
    RAISE EXCEPTION 'a document takes no lines after its own transaction' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $function$;
CREATE TRIGGER same_transaction AFTER INSERT ON public.document_lines REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_lines();

CREATE OR REPLACE FUNCTION public.refuse_late_postings()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh JOIN ledger_entries e ON e.id = fresh.entry_id WHERE e.tx <> pg_current_xact_id()
  ) THEN
    RAISE EXCEPTION 'an entry takes no postings after its own transaction' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $function$;
CREATE TRIGGER same_transaction AFTER INSERT ON public.ledger_postings REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_postings();

CREATE OR REPLACE FUNCTION public.refuse_move()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF NOT (OLD.state || ' ' || NEW.state) = ANY (order_moves(NEW.pricing)) THEN
    RAISE EXCEPTION 'order % cannot go from % to %', NEW.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'order_moves';
  END IF;
  RETURN NEW;
END $function$;
CREATE TRIGGER moves BEFORE UPDATE ON public.orders FOR EACH ROW WHEN (((old.state)::text IS DISTINCT FROM (new.state)::text)) EXECUTE FUNCTION refuse_move();

CREATE OR REPLACE FUNCTION public.refuse_owing()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF EXISTS (
    SELECT 1 FROM ledger_accounts a
    WHERE a.kind = 'buyer_receivable' AND a.owner_id = NEW.buyer_id AND a.balance > 0
  ) THEN
    PERFORM refuse('debt_due');
  END IF;
  RETURN NEW;
END $function$;
CREATE TRIGGER not_owing BEFORE INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION refuse_owing();

CREATE OR REPLACE FUNCTION public.refuse_sold_meanwhile(p_lead uuid, p_buyer uuid, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF EXISTS (
    SELECT 1 FROM lead_keys a JOIN lead_keys b ON b.digest = a.digest AND b.lead_id <> a.lead_id
    WHERE a.lead_id = p_lead AND a.kind IN ('phone', 'email')
  ) THEN
    PERFORM pair_twins(ARRAY[p_lead]);
    PERFORM pg_advisory_xact_lock(person.key) FROM (
      SELECT hashtextextended('person:' || encode(k.digest, 'hex'), 0) AS key
      FROM lead_keys k WHERE k.lead_id = p_lead AND k.kind IN ('phone', 'email') ORDER BY key
    ) person;
    PERFORM refuse_kept_back(p_lead, p_buyer, p_now);
  END IF;
END $function$;

CREATE OR REPLACE FUNCTION public.sold_elsewhere(p_now timestamp with time zone)
 RETURNS TABLE(lead_id uuid)
 LANGUAGE sql
 STABLE
AS $function$
  SELECT mine.id
  FROM lead_twins t
  JOIN leads mine ON mine.id = t.lead_id AND mine.slots_total = 1
  JOIN leads twin ON twin.id = t.twin_id AND twin.agency_id <> mine.agency_id
  JOIN contact_rights r ON r.lead_id = twin.id AND r.since > p_now - interval '90 days'
$function$;

CREATE OR REPLACE FUNCTION public.stopped_leads()
 RETURNS TABLE(lead_id uuid)
 LANGUAGE sql
 STABLE
AS $function$
  SELECT k.lead_id FROM withdrawn_emails w JOIN lead_keys k ON k.digest = w.digest AND k.kind = 'email'
$function$;

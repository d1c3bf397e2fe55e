-- Until the purchase ends, whoever else buys one of these persons, from whichever agency and with whatever wallet, waits,
-- and then sees what was bought. Two leads that came in at the same moment are paired now.
CREATE FUNCTION lock_persons(p_leads uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pair_twins(p_leads);
  -- in one order for everybody, and before any wallet: nobody waits in a circle
  PERFORM pg_advisory_xact_lock(person.key) FROM (
    SELECT DISTINCT hashtextextended('person:' || encode(k.digest, 'hex'), 0) AS key
    FROM lead_twins t JOIN lead_keys k ON k.lead_id = t.lead_id AND k.kind IN ('phone', 'email')
    WHERE t.lead_id = ANY (p_leads) ORDER BY key
  ) person;
END $$;

-- Answers as for a lead that somebody has taken off sale, and before anything is compared with a price: nothing tells a
-- lead whose person another agency has from one that is held, or whose reader wants no more calls.
CREATE OR REPLACE FUNCTION refuse_kept_back(p_lead uuid, p_buyer uuid, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
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
END $$;

-- `refuse_sold_meanwhile` is called by nobody any more. It stays until the next release: a purchase may be under way.
CREATE OR REPLACE FUNCTION place_order(
  p_order uuid, p_entry uuid, p_event uuid, p_lead uuid, p_buyer uuid, p_user uuid, p_via text,
  p_price bigint, p_currency text, p_now timestamptz,
  p_key text, p_asked bytea, p_trial jsonb
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  earlier uuid := enter_order('per_lead', p_order, p_event, p_lead, p_buyer, p_user, p_via, p_price, p_currency, p_now,
    p_key, p_asked, p_trial, NULL);
BEGIN
  IF earlier IS NOT NULL THEN
    RETURN earlier;
  END IF;
  PERFORM hold_price(p_entry, p_order, p_buyer, p_price, p_currency, p_user, p_now);
  RETURN p_order;
END $$;

-- Paid by the sale: the price is a deposit, and the buyer is to report in time.
CREATE OR REPLACE FUNCTION acquire_order(
  p_order uuid, p_entry uuid, p_event uuid, p_lead uuid, p_buyer uuid, p_user uuid, p_via text,
  p_price bigint, p_currency text, p_now timestamptz,
  p_key text, p_asked bytea, p_trial jsonb, p_terms_version integer
) RETURNS uuid LANGUAGE plpgsql AS $$
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
END $$;

-- What is on sale, and what of it is offered to buyers: asked by the catalogue, by a purchase and for twins. Plain
-- queries, so that PostgreSQL puts them in place of their names and the indices on leads are used.

-- New leads of an agency, or of one of its channels, that nobody is offered until the hold ends.
CREATE FUNCTION held_leads() RETURNS TABLE (lead_id uuid) LANGUAGE sql STABLE AS $$
  SELECT l.id
  FROM lead_holds h JOIN leads l ON l.agency_id = h.agency_id AND h.channel IN ('', l.channel) AND l.received_at >= h.since
$$;

-- Leads whose address has a reader who wants no more calls. Only buyers and their own agencies may notice.
CREATE FUNCTION stopped_leads() RETURNS TABLE (lead_id uuid) LANGUAGE sql STABLE AS $$
  SELECT k.lead_id FROM withdrawn_emails w JOIN lead_keys k ON k.digest = w.digest AND k.kind = 'email'
$$;

-- On sale, as everybody may see it. An agency that is full offers nothing for a while; what was just seen is still sold.
CREATE FUNCTION leads_on_sale(p_now timestamptz) RETURNS SETOF leads LANGUAGE sql STABLE AS $$
  SELECT l.*
  FROM leads l JOIN listings i ON i.id = l.listing_id
  WHERE l.state = 'available' AND l.expires_at > p_now AND i.state = 'active'
    AND NOT EXISTS (SELECT 1 FROM full_agencies f WHERE f.agency_id = l.agency_id)
    AND NOT EXISTS (SELECT 1 FROM held_leads() h WHERE h.lead_id = l.id)
$$;

-- On sale, as buyers see it.
CREATE FUNCTION leads_offered(p_now timestamptz) RETURNS SETOF leads LANGUAGE sql STABLE AS $$
  SELECT l.* FROM leads_on_sale(p_now) l WHERE NOT EXISTS (SELECT 1 FROM stopped_leads() s WHERE s.lead_id = l.id)
$$;

-- The same for a purchase that is being made. Whether the lead is there at all it knows by the place that it took, and
-- `enter_order` has looked at the listing.
CREATE OR REPLACE FUNCTION refuse_held_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM held_leads() h WHERE h.lead_id = NEW.lead_id)
    OR EXISTS (SELECT 1 FROM stopped_leads() s WHERE s.lead_id = NEW.lead_id) THEN
    PERFORM refuse('lead_not_offered');
  END IF;
  RETURN NEW;
END $$;

-- Exclusive leads whose person another agency's lead was sold with within 90 days.
CREATE FUNCTION sold_elsewhere(p_now timestamptz) RETURNS TABLE (lead_id uuid) LANGUAGE sql STABLE AS $$
  SELECT mine.id
  FROM lead_twins t
  JOIN leads mine ON mine.id = t.lead_id AND mine.slots_total = 1
  JOIN leads twin ON twin.id = t.twin_id AND twin.agency_id <> mine.agency_id
  JOIN contact_rights r ON r.lead_id = twin.id AND r.since > p_now - interval '90 days'
$$;

-- Exclusive leads whose person agreed earlier with another agency, as long as theirs is offered and came in within
-- 14 days: whoever invents an earlier consent, or asks too much for it, keeps a rival back no longer.
CREATE OR REPLACE FUNCTION promised_elsewhere(p_now timestamptz) RETURNS TABLE (lead_id uuid) LANGUAGE sql STABLE AS $$
  SELECT mine.id
  FROM lead_twins t
  JOIN leads mine ON mine.id = t.lead_id AND mine.slots_total = 1
  JOIN leads twin ON twin.id = t.twin_id AND twin.agency_id <> mine.agency_id
  WHERE (twin.submitted_at, twin.id) < (mine.submitted_at, mine.id) AND twin.received_at > p_now - interval '14 days'
    -- OFFSET: looked up for each of the few that are left, never made a join with all that is offered
    AND EXISTS (SELECT 1 FROM leads_offered(p_now) o WHERE o.id = twin.id OFFSET 0)
$$;

-- Answers as for a lead that somebody has taken off sale: nothing tells one from the other.
CREATE OR REPLACE FUNCTION refuse_kept_back(p_lead uuid, p_buyer uuid, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM lead_twins t WHERE t.lead_id = p_lead) AND (
    EXISTS (SELECT 1 FROM kept_from(p_buyer, p_now) k WHERE k.lead_id = p_lead)
    OR EXISTS (SELECT 1 FROM sold_elsewhere(p_now) s WHERE s.lead_id = p_lead)
    OR EXISTS (SELECT 1 FROM promised_elsewhere(p_now) p WHERE p.lead_id = p_lead)
  ) THEN
    PERFORM refuse('lead_not_offered');
  END IF;
END $$;

-- Writes down which leads have a phone or an e-mail of these. In one order for everybody, so that two who write the same
-- pairs never wait for each other in a circle.
CREATE FUNCTION pair_twins(p_leads uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO lead_twins (lead_id, twin_id)
  SELECT DISTINCT way.one, way.other
  FROM unnest(p_leads) AS asked (id)
  JOIN lead_keys a ON a.lead_id = asked.id AND a.kind IN ('phone', 'email')
  JOIN lead_keys b ON b.digest = a.digest AND b.lead_id <> a.lead_id
  CROSS JOIN LATERAL (VALUES (a.lead_id, b.lead_id), (b.lead_id, a.lead_id)) AS way (one, other)
  ORDER BY way.one, way.other
  ON CONFLICT DO NOTHING;
END $$;

-- The last that a purchase does: who buys the same person at the same moment, whoever it is and with whatever wallet,
-- waits here, and sees what the other has bought. Two leads that came in at the same moment are paired now.
CREATE FUNCTION refuse_sold_meanwhile(p_lead uuid, p_buyer uuid, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
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
END $$;

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
  PERFORM refuse_sold_meanwhile(p_lead, p_buyer, p_now);
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
  PERFORM refuse_sold_meanwhile(p_lead, p_buyer, p_now);
  RETURN p_order;
END $$;

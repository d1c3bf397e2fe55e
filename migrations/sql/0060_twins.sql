-- Leads of which this buyer has bought another one of the same person within 90 days.
CREATE FUNCTION kept_from(p_buyer uuid, p_now timestamptz) RETURNS TABLE (lead_id uuid) LANGUAGE sql STABLE AS $$
  SELECT t.lead_id
  FROM contact_rights r JOIN lead_twins t ON t.twin_id = r.lead_id
  WHERE r.org_id = p_buyer AND r.since > p_now - interval '90 days'
$$;

-- Exclusive leads whose person another agency brought: theirs came in within 90 days and was sold, or it is on sale.
CREATE FUNCTION promised_elsewhere(p_now timestamptz) RETURNS TABLE (lead_id uuid) LANGUAGE sql STABLE AS $$
  SELECT t.lead_id
  FROM lead_twins t JOIN leads twin ON twin.id = t.twin_id
  WHERE t.if_sold AND (
    twin.slots_taken > 0 AND twin.received_at > p_now - interval '90 days'
    OR t.if_on_sale AND twin.state = 'available' AND twin.expires_at > p_now
    AND EXISTS (SELECT 1 FROM listings i WHERE i.id = twin.listing_id AND i.state = 'active')
    AND NOT EXISTS (
      SELECT 1 FROM lead_holds h
      WHERE h.agency_id = twin.agency_id AND h.channel IN ('', twin.channel) AND twin.received_at >= h.since
    )
    AND NOT EXISTS (
      SELECT 1 FROM lead_keys k JOIN withdrawn_emails w ON w.digest = k.digest
      WHERE k.lead_id = twin.id AND k.kind = 'email'
    )
  )
$$;

-- Answers as for a lead that somebody has taken off sale: nothing tells one from the other.
CREATE FUNCTION refuse_kept_back(p_lead uuid, p_buyer uuid, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM lead_twins t WHERE t.lead_id = p_lead) AND (
    EXISTS (SELECT 1 FROM kept_from(p_buyer, p_now) k WHERE k.lead_id = p_lead)
    OR EXISTS (SELECT 1 FROM promised_elsewhere(p_now) p WHERE p.lead_id = p_lead)
  ) THEN
    PERFORM refuse('lead_not_offered');
  END IF;
END $$;

-- The whole of a purchase but for its money. Returns NULL, or the purchase that was made before with the same key.
-- p_terms_version: of the listing, where the buyer agrees to its terms; NULL for a price.
CREATE OR REPLACE FUNCTION enter_order(
  p_pricing text, p_order uuid, p_event uuid, p_lead uuid, p_buyer uuid, p_user uuid, p_via text,
  p_price bigint, p_currency text, p_now timestamptz,
  p_key text, p_asked bytea, p_trial jsonb, p_terms_version integer
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  earlier idempotency_keys;
  lead leads;
  offer listings;
  rates grade_terms;
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
    p_now + make_interval(days => offer.window_days),
    p_now + make_interval(days => CASE WHEN is_per_sale
      THEN (offer.commission ->> 'report_days')::integer ELSE offer.window_days END)
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
  -- its wallet is this buyer's alone now: what it bought at the same moment is to be seen
  PERFORM refuse_kept_back(p_lead, p_buyer, p_now);
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
  -- its wallet is this buyer's alone now: what it bought at the same moment is to be seen
  PERFORM refuse_kept_back(p_lead, p_buyer, p_now);
  RETURN p_order;
END $$;

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
END $$;

-- The purchase with its row, for a statement that also finds out who is asking and shows what was bought, all in one
-- round trip. `p_may` is decided by that statement: without the right nothing happens, and no row comes back.
CREATE FUNCTION place_order_row(
  p_may boolean,
  p_order uuid, p_entry uuid, p_event uuid, p_lead uuid, p_buyer uuid, p_user uuid, p_via text,
  p_price bigint, p_currency text, p_now timestamptz, p_key text, p_asked bytea, p_trial jsonb
) RETURNS SETOF orders LANGUAGE plpgsql ROWS 1 AS $$
DECLARE
  placed uuid;
BEGIN
  IF p_may THEN
    placed := place_order(
      p_order, p_entry, p_event, p_lead, p_buyer, p_user, p_via, p_price, p_currency, p_now, p_key, p_asked, p_trial);
    RETURN QUERY SELECT * FROM orders WHERE id = placed;
  END IF;
END $$;

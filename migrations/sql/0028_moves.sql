-- An order lives its life as `orders.rules` tells it, whoever writes to its row; a test holds the two equal.

CREATE FUNCTION order_moves(p_pricing text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
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
$$;

CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (OLD.state || ' ' || NEW.state) = ANY (order_moves(NEW.pricing)) THEN
    RAISE EXCEPTION 'order % cannot go from % to %', NEW.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'order_moves';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER moves BEFORE UPDATE ON orders FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION refuse_move();

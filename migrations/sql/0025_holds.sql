-- A lead that is held is bought by nobody, whichever way leads to the purchase.

CREATE FUNCTION refuse_held_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM lead_holds h JOIN leads l ON l.id = NEW.lead_id
    WHERE h.agency_id = NEW.agency_id AND h.channel IN ('', l.channel) AND l.received_at >= h.since
  ) THEN
    PERFORM refuse('lead_not_offered');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER not_held BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION refuse_held_lead();

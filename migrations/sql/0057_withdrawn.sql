-- A lead that is held, or whose person wants no more contact, is bought by nobody, whichever way leads to the purchase.

CREATE OR REPLACE FUNCTION refuse_held_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM lead_holds h JOIN leads l ON l.id = NEW.lead_id
    WHERE h.agency_id = NEW.agency_id AND h.channel IN ('', l.channel) AND l.received_at >= h.since
  ) OR EXISTS (
    SELECT 1 FROM lead_keys k JOIN withdrawn_emails w ON w.digest = k.digest
    WHERE k.lead_id = NEW.lead_id AND k.kind = 'email'
  ) THEN
    PERFORM refuse('lead_not_offered');
  END IF;
  RETURN NEW;
END $$;

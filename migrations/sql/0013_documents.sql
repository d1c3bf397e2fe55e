INSERT INTO ledger_rules (entry_kind, side, account_kind) VALUES
  ('vat', 'debit', 'fee_revenue'),
  ('vat', 'debit', 'tax_payable'),
  ('vat', 'credit', 'fee_revenue'),
  ('vat', 'credit', 'tax_payable');

-- Documents: never changed, numbered without gaps, adding up. The database proves it at commit.

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON documents FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON document_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON document_months FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE ON document_series FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON documents EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON document_lines EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON document_series EXECUTE FUNCTION refuse_change();

-- A series begins with 1 and counts up by one.
CREATE FUNCTION count_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.last = 1 THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.last = OLD.last + 1 AND (NEW.kind, NEW.year) = (OLD.kind, OLD.year) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a series of numbers counts up by one' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER by_one BEFORE INSERT OR UPDATE ON document_series FOR EACH ROW EXECUTE FUNCTION count_by_one();

-- At commit each number that was counted has its document.
CREATE FUNCTION prove_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM documents d WHERE d.kind = NEW.kind AND d.year = NEW.year AND d.number = NEW.last
  ) THEN
    RAISE EXCEPTION 'number % of % in % has no document', NEW.last, NEW.kind, NEW.year
      USING ERRCODE = 'check_violation', CONSTRAINT = 'document_number_used';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER used AFTER INSERT OR UPDATE ON document_series DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION prove_number();

-- At commit a document has a number that was counted, lines of its own kind that add up, and no more than it corrects.
CREATE FUNCTION prove_document() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$;
CREATE CONSTRAINT TRIGGER proven AFTER INSERT ON documents DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION prove_document();

-- Lines belong to the transaction that wrote their document.
CREATE FUNCTION refuse_late_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh JOIN documents d ON d.id = fresh.document_id WHERE d.tx <> pg_current_xact_id()
  ) THEN
    RAISE EXCEPTION 'a document takes no lines after its own transaction' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER same_transaction AFTER INSERT ON document_lines REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_lines();

-- The chain of blocks: what is written waits to be sealed; what is sealed, announced or checked never changes.

-- Every entry waits from the moment it is written, whoever writes it. The stamp stands beside the entry and not only in
-- it, so that sealing touches no entry, whatever became of the stamps meanwhile.
CREATE FUNCTION ledger_wait_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_unsealed (tx, entry_id) VALUES (NEW.tx, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER waits_for_seal AFTER INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_wait_for_seal();
INSERT INTO ledger_unsealed (tx, entry_id) SELECT tx, id FROM ledger_entries;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_blocks FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_heads FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON check_runs FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON ledger_blocks EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON ledger_heads EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON ledger_unsealed EXECUTE FUNCTION refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON check_runs EXECUTE FUNCTION refuse_change();

-- A block follows the one before it: no gap, no fork, and it counts on.
CREATE FUNCTION ledger_follow_head() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$;
CREATE TRIGGER follows BEFORE INSERT ON ledger_blocks FOR EACH ROW EXECUTE FUNCTION ledger_follow_head();

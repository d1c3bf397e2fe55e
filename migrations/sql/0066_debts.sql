-- Money that comes back to a buyer repays its debt first, then is frozen for what its bank contests.
INSERT INTO ledger_rules (entry_kind, side, account_kind) VALUES
  ('refund', 'credit', 'buyer_receivable'), ('refund', 'credit', 'wallet_frozen'),
  ('deposit_return', 'credit', 'buyer_receivable'), ('deposit_return', 'credit', 'wallet_frozen'),
  ('sale_reversal', 'credit', 'buyer_receivable'), ('sale_reversal', 'credit', 'wallet_frozen'),
  ('claw_back', 'credit', 'wallet_frozen'),
  ('refund_card_fail', 'credit', 'wallet_frozen'),
  ('refund_card_bounce', 'credit', 'wallet_frozen'),
  ('cb_won', 'credit', 'wallet_frozen'),
  ('cb_lost', 'debit', 'wallet_cash');

-- Who owes us buys nothing, with whatever money, until that is repaid.
CREATE FUNCTION refuse_owing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM ledger_accounts a
    WHERE a.kind = 'buyer_receivable' AND a.owner_id = NEW.buyer_id AND a.balance > 0
  ) THEN
    PERFORM refuse('debt_due');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER not_owing BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION refuse_owing();

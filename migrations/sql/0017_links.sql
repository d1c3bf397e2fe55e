-- Who pays, or is paid, with the same card or bank as whom: an agency and a buyer of one hand trade nothing.

INSERT INTO payment_marks (org_id, kind, digest, since)
SELECT org_id, 'card', card_fingerprint, min(credited_at) FROM top_ups
WHERE card_fingerprint IS NOT NULL AND credited_at IS NOT NULL GROUP BY org_id, card_fingerprint;

-- Bring the pairs up to date: those of one mark when it has become known, or all of them, because people come and go.
-- Organisations with a mark in common are of one hand, and so is whoever has a person in common with one of them.
CREATE FUNCTION link_parties(
  p_now timestamptz, p_kind text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS SETOF linked_parties LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY WITH shared AS (
    SELECT a.org_id AS one, b.org_id AS other, a.kind
    FROM payment_marks a JOIN payment_marks b ON b.kind = a.kind AND b.digest = a.digest AND b.org_id <> a.org_id
    WHERE p_digest IS NULL OR (a.kind = p_kind AND a.digest = p_digest)
  ), pairs AS (
    SELECT agency.id AS agency_id, buyer.id AS buyer_id, min(shared.kind) AS why
    FROM shared
    CROSS JOIN LATERAL (
      SELECT shared.one AS id UNION
      SELECT n.org_id FROM memberships m JOIN memberships n ON n.user_id = m.user_id WHERE m.org_id = shared.one) a
    CROSS JOIN LATERAL (
      SELECT shared.other AS id UNION
      SELECT n.org_id FROM memberships m JOIN memberships n ON n.user_id = m.user_id WHERE m.org_id = shared.other) b
    JOIN organisations agency ON agency.id = a.id AND agency.kind = 'agency'
    JOIN organisations buyer ON buyer.id = b.id AND buyer.kind = 'buyer'
    GROUP BY agency.id, buyer.id
  ), gone AS (
    DELETE FROM linked_parties old
    WHERE p_digest IS NULL
      AND NOT EXISTS (SELECT 1 FROM pairs WHERE pairs.agency_id = old.agency_id AND pairs.buyer_id = old.buyer_id)
  )
  INSERT INTO linked_parties (agency_id, buyer_id, why, since)
  SELECT pairs.agency_id, pairs.buyer_id, pairs.why, p_now FROM pairs
  ON CONFLICT DO NOTHING
  RETURNING linked_parties.*;
END $$;

SELECT link_parties(now());

"""What would show that somebody changed the books behind the triggers' back: one query, for the whole chain or its end.

Each row that it returns is one finding: `found` says what, `block` and `entry` where.
"""

from string import Template
from typing import Any

from sqlalchemy import text

from marketplace.kit.db import session
from marketplace.ledger.digests import BLOCK_HASH, DIGEST

_SHOWN = 20

#: blocks after number :since: each follows the one before it and has the hash of its own content; each of its entries
#: is there and is what was sealed. Then what costs little whatever :since is.
_CHAIN = Template("""
SELECT CASE WHEN e.id IS NULL THEN 'entry_missing' ELSE 'entry_differs' END AS found, b.number AS block,
  sealed.entry_id AS entry
FROM ledger_blocks b CROSS JOIN LATERAL unnest(b.entry_ids, b.digests) AS sealed(entry_id, digest)
LEFT JOIN ledger_entries e ON e.id = sealed.entry_id
WHERE b.number > :since AND (e.id IS NULL OR sealed.digest IS DISTINCT FROM $digest)
UNION ALL
SELECT 'block_differs', b.number, NULL FROM ledger_blocks b
WHERE b.number > :since AND (b.hash IS DISTINCT FROM $block_hash
  OR b.entries <> cardinality(b.digests) OR b.entries <> cardinality(b.entry_ids))
UNION ALL
SELECT 'block_before_missing', b.number, NULL
FROM ledger_blocks b LEFT JOIN ledger_blocks before ON before.number = b.number - 1
WHERE b.number > :since AND (b.total <> coalesce(before.total, 0) + b.entries
  OR b.previous IS DISTINCT FROM CASE WHEN b.number = 1 THEN decode(repeat('00', 32), 'hex') ELSE before.hash END)
UNION ALL
SELECT 'announced_head_gone', h.number, NULL FROM ledger_heads h
WHERE NOT EXISTS (SELECT FROM ledger_blocks b WHERE b.number = h.number AND b.hash = h.hash)
UNION ALL
SELECT 'waiting_too_long', NULL, w.entry_id FROM ledger_unsealed w WHERE w.since < now() - interval '1 hour'
UNION ALL
SELECT 'entry_missing', NULL, w.entry_id FROM ledger_unsealed w
WHERE NOT EXISTS (SELECT FROM ledger_entries e WHERE e.id = w.entry_id)
""").substitute(digest=DIGEST, block_hash=BLOCK_HASH)

#: the rest needs a look at every entry: its postings are those that were written, and it is sealed or waits for it
_EVERY_ENTRY = """
UNION ALL
SELECT 'content_differs', NULL, e.id FROM ledger_entries e
WHERE e.content IS DISTINCT FROM ledger_content(e.key, e.kind, e.reference_id, e.currency, e.at, ARRAY(
  SELECT (p.account_id, p.amount)::text FROM ledger_postings p WHERE p.entry_id = e.id))
UNION ALL
SELECT 'not_in_the_chain', NULL, e.id FROM ledger_entries e
WHERE NOT EXISTS (SELECT FROM ledger_unsealed w WHERE w.tx = e.tx AND w.entry_id = e.id)
  AND NOT EXISTS (
    SELECT FROM ledger_blocks b CROSS JOIN LATERAL unnest(b.entry_ids) AS sealed(id) WHERE sealed.id = e.id)
"""

#: all of it, from the first block
TAMPERING = _CHAIN.replace(":since", "0") + _EVERY_ENTRY


def changed_since(number: int) -> list[dict[str, Any]]:
    """What is wrong with the blocks after this one, and with what waits; at most 20 findings, none when all is well.

    Costs what was sealed since then, however long the chain is.
    """
    rows = session().execute(text(_CHAIN), {"since": number}).mappings().fetchmany(_SHOWN)
    return [{name: str(value) for name, value in row.items()} for row in rows]

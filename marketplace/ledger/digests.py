"""What of an entry is sealed, and how a block's hash is made. docs/money.md tells the same to everybody."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from string import Template

#: what the first block has in place of the hash of the block before it
NOTHING_BEFORE = bytes(32)
#: the first line of what is hashed: which form it has
FORM = "fairlead block 1"

#: SQL for the digest of the entry `e`: everything that is known of it and of its postings, with whose accounts they
#: touch. The entry's id, which no party is shown, keeps the digest from being guessed. Stamps (`tx`) are no part of it.
DIGEST = """
sha256(convert_to(jsonb_build_array(
  e.id, e.key, e.kind, e.reference_id, e.currency, e.actor_id, extract(epoch FROM e.at), (
    SELECT jsonb_agg(jsonb_build_array(p.id, a.kind, a.owner_id, p.amount, p.balance_after) ORDER BY p.id)
    FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id WHERE p.entry_id = e.id
  ))::text, 'UTF8'))
"""

#: SQL for the hash that the block `b` must have: the same as `block_hash`
BLOCK_HASH = Template("""
sha256(convert_to(concat_ws(E'\\n', '$form', b.number, encode(b.previous, 'hex'),
  to_char(b.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
  (SELECT string_agg(encode(each.digest, 'hex'), E'\\n' ORDER BY each.place)
   FROM unnest(b.digests) WITH ORDINALITY AS each(digest, place))), 'UTF8'))
""").substitute(form=FORM)


def block_hash(number: int, previous: bytes, sealed_at: datetime, digests: Iterable[bytes]) -> bytes:
    """SHA-256 over lines: the form's name, number, hash of the block before, time (whole second, UTC), the digests."""
    moment = sealed_at.astimezone(UTC).isoformat()
    lines = [FORM, str(number), previous.hex(), moment, *(digest.hex() for digest in digests)]
    return hashlib.sha256("\n".join(lines).encode()).digest()

"""The chain: committed entries sealed into blocks, each of which names the one before it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from string import Template
from uuid import UUID

from sqlalchemy import func, insert, select, text

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound
from marketplace.ledger.digests import DIGEST, NOTHING_BEFORE, block_hash
from marketplace.ledger.models import LedgerBlock, Unsealed

#: entries in one block at most; what anybody who recomputes the chain reads at once
MOST = 1_000
_LAST_NUMBER = 2**63 - 1

#: one sealer at a time; readers of the chain are not kept waiting
_ALONE = text("LOCK TABLE ledger_blocks IN SHARE ROW EXCLUSIVE MODE")

#: Takes the oldest waiting entries whose turn has come: no transaction is open that could still write one with a lower
#: stamp. What is visible with a stamp that this server has not given out yet was restored from another one: nobody is
#: still writing it either. An entry that is gone stays in the list, for the check to find.
_TAKE = Template("""
WITH taken AS (
  DELETE FROM ledger_unsealed WHERE (tx, entry_id) IN (
    SELECT w.tx, w.entry_id FROM ledger_unsealed w
    WHERE (w.tx < pg_snapshot_xmin(pg_current_snapshot())
           OR w.tx >= pg_snapshot_xmax(pg_current_snapshot())
              AND w.tx IS DISTINCT FROM pg_current_xact_id_if_assigned())
      AND EXISTS (SELECT FROM ledger_entries e WHERE e.id = w.entry_id)
    ORDER BY w.tx, w.entry_id LIMIT :most)
  RETURNING tx, entry_id)
SELECT e.id, $digest AS digest FROM taken JOIN ledger_entries e ON e.id = taken.entry_id
ORDER BY taken.tx, e.id
""").substitute(digest=DIGEST)


@dataclass(frozen=True, slots=True)
class Block:
    """One block as everybody may see it. `total` counts the entries of all blocks up to this one."""

    number: int
    previous: bytes
    hash: bytes
    entries: int
    total: int
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many entries are in no block yet, and how long the first of them has waited (the machine's time)."""

    count: int
    seconds: float


def seal(most: int = MOST) -> Block | None:
    """Seal up to `most` waiting entries into the next block, in the caller's transaction; None when none can be."""
    session().execute(_ALONE)
    taken = session().execute(text(_TAKE), {"most": most}).all()
    if not taken:
        return None
    return _append(head(), [row.id for row in taken], [bytes(row.digest) for row in taken])


def _append(before: Block | None, entry_ids: Sequence[UUID], digests: Sequence[bytes]) -> Block:
    number, previous, total = (before.number + 1, before.hash, before.total) if before else (1, NOTHING_BEFORE, 0)
    sealed_at = clock.now().replace(microsecond=0)
    own = block_hash(number, previous, sealed_at, digests)
    made = Block(number, previous, own, len(digests), total + len(digests), sealed_at)
    session().execute(insert(LedgerBlock).values(**asdict(made), entry_ids=entry_ids, digests=digests))
    return made


_SHOWN = select(*(getattr(LedgerBlock, each.name) for each in fields(Block)))


def head() -> Block | None:
    """The newest block; None before the first."""
    row = session().execute(_SHOWN.order_by(LedgerBlock.number.desc()).limit(1)).first()
    return Block(*row) if row else None


def find(number: int) -> tuple[Block, Sequence[bytes]]:
    """One block with the digests of its entries in their order. Raises NotFound."""
    if not 1 <= number <= _LAST_NUMBER:
        raise NotFound
    row = session().execute(_SHOWN.add_columns(LedgerBlock.digests).where(LedgerBlock.number == number)).first()
    if row is None:
        raise NotFound
    return Block(*row[:-1]), row[-1]


def waiting() -> Waiting:
    """What waits to be sealed."""
    age = func.coalesce(func.extract("epoch", func.now() - func.min(Unsealed.since)), 0)
    count, seconds = session().execute(select(func.count(), age).select_from(Unsealed)).one()
    return Waiting(int(count), max(0.0, float(seconds)))

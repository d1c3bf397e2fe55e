"""Jobs of the ledger: sealing, and telling the head of the day."""

from marketplace.jobs import job
from marketplace.kit.db import transaction
from marketplace.ledger import blocks, heads

#: blocks of one run; a backlog longer than that goes on with the next run
_MOST_BLOCKS = 500


def seal_waiting() -> None:
    """Seal what can be sealed now, each block in a transaction of its own."""
    for _ in range(_MOST_BLOCKS):
        with transaction():
            if blocks.seal() is None:
                return


@job("ledger.seal", every="* * * * * */30")
def seal() -> None:
    seal_waiting()


@job("ledger.announce_head", every="10 5 * * *")
def announce_head() -> None:
    with transaction():
        heads.announce()

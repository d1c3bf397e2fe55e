"""What staff are told about the books: the head of the chain, day by day, and at once when a rule is broken."""

from uuid import UUID

from marketplace import events
from marketplace.ledger import blocks, heads
from marketplace.notices.actions import write
from marketplace.notices.letters import last_event
from marketplace.people import queries


def chain_head(head_id: UUID) -> None:
    """To every member of staff: what the head was, to be kept where nobody here can change it."""
    event_id, head = last_event(head_id, "head.announced"), heads.announced(head_id)
    block, _digests = blocks.find(head.number)
    for to in queries.staff_addressees():
        write("chain_head", to, event_id, head=head, block=block)


def books_broken(run_id: UUID) -> None:
    """To every member of staff: which rules were found broken, and how much breaks them."""
    event = events.history(run_id, "books.broken")[-1]
    for to in queries.staff_addressees():
        write("books_broken", to, event.id, rules=event.data["rules"], at=event.at)

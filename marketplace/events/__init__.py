"""What happened: one append-only record that is history, audit and outbox at once.

A part of the business records what it did and does not know who cares. `reactions.py` says what follows.
"""

from marketplace.events.actions import SYSTEM, Actor, record
from marketplace.events.models import Event
from marketplace.events.queries import history, history_of_all, latest
from marketplace.events.relay import InBatches, Reaction, drain, follow

__all__ = [
    "SYSTEM",
    "Actor",
    "Event",
    "InBatches",
    "Reaction",
    "drain",
    "follow",
    "history",
    "history_of_all",
    "latest",
    "record",
]

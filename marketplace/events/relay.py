"""The relay: takes recorded events in batches and queues what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from marketplace.events.models import Event, Pending
from marketplace.jobs import Job, defer
from marketplace.kit.db import session

BATCH = 500


@dataclass(frozen=True, slots=True)
class InBatches:
    """A job that takes many subjects at once (`subject_ids`), for events of the hot paths."""

    job: Job


Reaction = Job | InBatches


class _Table:
    """One for the process: what follows from what is the product's, and the same in every application."""

    reactions: Mapping[str, Sequence[Reaction]] = {}


def follow(reactions: Mapping[str, Sequence[Reaction]]) -> None:
    """Set the table of what follows from what; done once by `reactions.py`."""
    _Table.reactions = reactions


def drain() -> int:
    """Queue the reactions of up to 500 waiting events, in one transaction; return how many were taken.

    A plain reaction becomes one job for each event (`subject_id`); several relays share the work without waiting.
    """
    waiting = session().scalars(select(Pending.event_id).limit(BATCH).with_for_update(skip_locked=True)).all()
    if not waiting:
        return 0
    rows = session().execute(select(Event.name, Event.subject_id).where(Event.id.in_(waiting)).order_by(Event.seq))
    grouped: dict[str, list[UUID]] = {}
    for name, subject_id in rows:
        grouped.setdefault(name, []).append(subject_id)
    for name, subjects in grouped.items():
        for reaction in _Table.reactions.get(name, ()):
            _queue(reaction, subjects)
    session().execute(delete(Pending).where(Pending.event_id.in_(waiting)))
    return len(waiting)


def _queue(reaction: Reaction, subjects: Sequence[UUID]) -> None:
    unique = list(dict.fromkeys(subjects))
    if isinstance(reaction, InBatches):
        defer(reaction.job, subject_ids=[str(subject) for subject in unique])
        return
    for subject in unique:
        defer(reaction, subject_id=str(subject))

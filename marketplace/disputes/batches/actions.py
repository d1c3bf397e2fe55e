"""A batch is proposed by one member of staff and decided by another."""

from uuid import UUID

from sqlalchemy import exists, select

from marketplace import events
from marketplace.disputes.batches import rules
from marketplace.disputes.batches.errors import (
    BatchDecided,
    BatchOpen,
    NoSuchBatch,
    NotProven,
    OwnBatch,
    ProofNotFinal,
    TiedToBatch,
)
from marketplace.disputes.batches.models import Batch, BatchKind, BatchState
from marketplace.disputes.batches.proof import is_appealable, is_proof
from marketplace.disputes.batches.queries import extent_of, find_for, kinds_of, marks_of
from marketplace.disputes.models import Dispute
from marketplace.disputes.queries import find_for as dispute_for
from marketplace.events import Actor
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.ids import new_id
from marketplace.people import Power, Who
from marketplace.people.queries.ties import has_ties

_OPEN = (BatchState.PROPOSED, BatchState.RUNNING)


def propose(who: Who, dispute_id: UUID, kind: BatchKind, reason: str) -> Batch:
    """Ask that everything that came the same way as a proven filler is taken back.

    Raises:
        NotFound, Forbidden, NotProven, NoSuchBatch, BatchOpen, TiedToBatch.
    """
    who.need(Power.DISPUTES_DECIDE)
    dispute = dispute_for(who, dispute_id, lock=True)
    if not is_proof(dispute):
        raise NotProven
    if kind not in kinds_of(dispute):
        raise NoSuchBatch(fields={"kind": NoSuchBatch.sentence})
    same = exists().where(Batch.dispute_id == dispute.id, Batch.kind == kind, Batch.state.in_(_OPEN))
    if session().scalar(select(same)):
        raise BatchOpen
    batch = Batch(
        id=new_id(),
        agency_id=dispute.agency_id,
        dispute_id=dispute.id,
        kind=kind,
        reason=reason.strip(),
        state=BatchState.PROPOSED,
        proposed_by=who.user_id,
        proposed_at=clock.now(),
        **marks_of(dispute, kind),
    )
    _refuse_tied(who, batch)
    session().add(batch)
    session().flush()
    record("batch.proposed", batch, who)
    return batch


def approve(who: Who, batch_id: UUID) -> Batch:
    """The second person approves it; jobs do the rest. Idempotent.

    Raises:
        NotFound, Forbidden, OwnBatch, BatchDecided, TiedToBatch, NotProven, ProofNotFinal.
    """
    who.need(Power.MONEY_WRITE)
    batch = find_for(who, batch_id, lock=True)
    if batch.state in (BatchState.RUNNING, BatchState.DONE) and batch.decided_by == who.user_id:
        return batch
    if batch.proposed_by == who.user_id:
        raise OwnBatch
    _refuse_tied(who, batch)
    _refuse_doubtful(batch)
    _decide(batch, who, BatchState.RUNNING, "")
    record("batch.approved", batch, who)
    return batch


def refuse(who: Who, batch_id: UUID, reason: str) -> Batch:
    """Nothing is taken back: the proposer thinks better of it, or another one says no.

    Raises:
        NotFound, Forbidden, BatchDecided.
    """
    batch = find_for(who, batch_id, lock=True)
    _decide(batch, who, BatchState.REFUSED, reason.strip())
    record("batch.refused", batch, who)
    return batch


def move(batch: Batch, state: BatchState) -> None:
    """Change the state as the table allows. Raises BatchDecided."""
    if state not in rules.ALLOWED[BatchState(batch.state)]:
        raise BatchDecided
    batch.state = state


def record(name: str, batch: Batch, who: Actor) -> None:
    """Record what happened to a batch; its agency hears of it when it is done."""
    events.record(name, batch.id, by=who, orgs=[batch.agency_id], kind=batch.kind, dispute_id=str(batch.dispute_id))


def _decide(batch: Batch, who: Who, state: BatchState, reason: str) -> None:
    move(batch, state)
    batch.decided_by, batch.decided_for, batch.decided_at = who.user_id, who.org_id, clock.now()
    batch.decided_reason = reason


def _refuse_tied(who: Who, batch: Batch) -> None:
    if has_ties(who.user_id, {batch.agency_id, *extent_of(batch).buyers}):
        raise TiedToBatch


def _refuse_doubtful(batch: Batch) -> None:
    dispute = session().scalars(select(Dispute).where(Dispute.id == batch.dispute_id)).one()
    if not is_proof(dispute):
        raise NotProven
    if is_appealable(dispute):
        raise ProofNotFinal

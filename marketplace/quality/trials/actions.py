"""What a person does with a trial: send a file, say what its columns are, throw it away."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text

from marketplace.events import SYSTEM, Actor, record
from marketplace.kit import clock, limits
from marketplace.kit.db import session
from marketplace.kit.ids import new_id
from marketplace.kit.text import clean_text
from marketplace.leads.imports import Stored
from marketplace.people import Power, Who
from marketplace.quality.trials.choosing import Choice, named
from marketplace.quality.trials.errors import WrongTrialState
from marketplace.quality.trials.models import ConversionTrial, TrialState
from marketplace.quality.trials.queries import trial_for
from marketplace.quality.trials.rules import ALLOWED, KEPT_FOR, RUNS_AN_HOUR

_LONGEST_NAME = 200
#: the same file from the same person within this time is a second click, not a second wish
_SAME_CLICK = timedelta(minutes=1)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('trial:' || :person, 0))")
_ENDS = (TrialState.DONE, TrialState.FAILED, TrialState.GONE)


def begin(who: Who, *, file_name: str) -> ConversionTrial:
    """Before the file is put into the store, so that one that is left there is known. Raises Forbidden."""
    who.need(Power.ORDERS_WRITE)
    row = ConversionTrial(
        org_id=who.org_id,
        user_id=who.user_id,
        file_name=clean_text(file_name)[-_LONGEST_NAME:] or "export.csv",
        stored_as=f"trials/{new_id()}",
        state=TrialState.SENDING,
        attempts=0,
        created_at=clock.now(),
    )
    session().add(row)
    session().flush()
    return row


def received(who: Who, trial_id: UUID, stored: Stored) -> ConversionTrial:
    """The file lies in the store. A second click within a minute is answered by the first trial, and its own ends.

    Raises: NotFound, Forbidden, WrongTrialState.
    """
    session().execute(_ONE_AT_A_TIME, {"person": str(who.user_id)})
    row = _mine(who, trial_id)
    row.size = stored.size
    same = select(ConversionTrial).where(
        ConversionTrial.org_id == who.org_id,
        ConversionTrial.user_id == who.user_id,
        ConversionTrial.fingerprint == stored.fingerprint,
        ConversionTrial.created_at > clock.now() - _SAME_CLICK,
    )
    if earlier := session().scalar(same.order_by(ConversionTrial.id).limit(1)):
        end(row, TrialState.GONE, by=who)
        return earlier
    move(row, TrialState.LOOKING)
    row.fingerprint = stored.fingerprint
    record("trial.uploaded", row.id, by=who, orgs=[who.org_id], size=row.size)
    return row


def start(who: Who, trial_id: UUID, choice: Choice) -> ConversionTrial:
    """Have it run as chosen; one that runs, or has run, stays as it is.

    Raises:
        NotFound, Forbidden, WrongTrialState, TooMany, Invalid: with the message of each wrong part.
    """
    row = _mine(who, trial_id)
    if row.state in (TrialState.RUNNING, TrialState.DONE):
        return row
    if row.state != TrialState.WAITING:
        raise WrongTrialState
    row.choice = named(choice, row.columns or {}, row.rows or 0)
    limits.spend(RUNS_AN_HOUR, str(row.org_id))  # with the start: a form that is refused takes no time of the lane
    move(row, TrialState.RUNNING)
    row.failure, row.step, row.attempts, row.started_at = None, None, 0, clock.now()
    record("trial.started", row.id, by=who, orgs=[who.org_id])
    return row


def discard(who: Who, trial_id: UUID) -> ConversionTrial:
    """Throw it away before it is done; the file goes at once. Raises NotFound, Forbidden, WrongTrialState."""
    row = _mine(who, trial_id)
    if row.state != TrialState.GONE:
        end(row, TrialState.GONE, by=who)
    return row


def end(row: ConversionTrial, state: TrialState, *, by: Actor = SYSTEM, failure: str | None = None) -> None:
    """Nothing follows any more. What the first look found goes now, the file when this is committed.

    Of a trial without a result the choice goes, too: it names columns and a value of the file.
    """
    move(row, state)
    row.finished_at, row.failure, row.step = clock.now(), failure, None
    row.columns = row.fingerprint = None
    if state != TrialState.DONE:
        row.choice = None
    record("trial.ended", row.id, by=by, orgs=[row.org_id], state=state.value, why=failure)


def left_lying(most: int) -> list[ConversionTrial]:
    """End some of those that nobody finished within a day."""
    old = select(ConversionTrial).where(
        ConversionTrial.stored_as.is_not(None),
        ConversionTrial.created_at < clock.now() - KEPT_FOR,
        ConversionTrial.state.not_in(_ENDS),
    )
    rows = list(session().scalars(old.order_by(ConversionTrial.id).limit(most).with_for_update(skip_locked=True)))
    for row in rows:
        end(row, TrialState.GONE, failure="left_lying")
    return rows


def left_over(after: UUID, most: int) -> list[UUID]:
    """Some of those that are over and whose file may still lie in the store, in the order of their ids."""
    over = select(ConversionTrial.id).where(
        ConversionTrial.id > after, ConversionTrial.stored_as.is_not(None), ConversionTrial.finished_at.is_not(None)
    )
    return list(session().scalars(over.order_by(ConversionTrial.id).limit(most)))


def move(row: ConversionTrial, state: TrialState) -> None:
    if state not in ALLOWED[TrialState(row.state)]:
        raise WrongTrialState
    row.state = state


def _mine(who: Who, trial_id: UUID) -> ConversionTrial:
    who.need(Power.ORDERS_WRITE)
    return trial_for(who, trial_id, lock=True)

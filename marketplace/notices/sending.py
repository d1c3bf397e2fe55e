"""Sending letters: the row is committed before the call, the result is written after it.

The job of sending stands here and not in `jobs.py`, because every letter that is written queues it.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from marketplace.jobs import MOST_TRIES, job
from marketplace.kit import clock, mail
from marketplace.kit.db import session, transaction
from marketplace.kit.mail import Bounced, Transport, Undelivered, Unsendable
from marketplace.kit.own import Given
from marketplace.leads import bounces
from marketplace.notices.models import TO_PERSON, Letter, LetterState, open_part


class Kept:
    """The transport of the demo: letters stay in the table, and a page shows them."""

    def send(self, letter: mail.Letter) -> None:
        """Nothing leaves the house."""


@dataclass(frozen=True, slots=True)
class _Post:
    transport: Transport
    public_url: str
    mail_from: str


_POST: Given[_Post] = Given("post")


def use_transport(transport: Transport, public_url: str, mail_from: str) -> None:
    """Say, at the application's start, how letters leave, where their links lead, and who they are from."""
    _POST.set(_Post(transport, public_url.rstrip("/"), mail_from))


def public_url() -> str:
    """Where links in letters lead, without a slash at the end."""
    return _POST.get().public_url


def mail_from() -> str:
    """Who letters are from."""
    return _POST.get().mail_from


def are_kept() -> bool:
    """Whether letters stay in the table, to be read there."""
    return isinstance(_POST.get().transport, Kept)


@job("notices.send")
def send(letter_id: str) -> None:
    """Send one letter; one that was sent is left alone. It has failed after the last try, or if it cannot be sent."""
    with transaction():
        letter = take(UUID(letter_id))
    if letter is None:
        return
    try:
        _POST.get().transport.send(letter)
    except Bounced:
        with transaction():
            bounces.note(letter.to)
            give_up(UUID(letter_id))
        return
    except Unsendable:
        with transaction():
            give_up(UUID(letter_id))
        return
    except Undelivered:
        with transaction():
            is_last = give_back(UUID(letter_id))
        if is_last:
            return
        raise
    with transaction():
        tick_off(UUID(letter_id))


def take(letter_id: UUID) -> mail.Letter | None:
    """Count a try and open the letter; None when there is nothing to send any more."""
    row = _locked(letter_id)
    if row is None or row.state != LetterState.QUEUED.value:
        return None
    row.tries += 1
    to, text, html = (open_part(row.id, part, getattr(row, part)) for part in ("to_address", "text", "html"))
    return mail.Letter(key=str(row.id), to=to, subject=row.subject, text=text, html=html)


def give_back(letter_id: UUID) -> bool:
    """The letter was not taken; return whether that was the last try."""
    row = _locked(letter_id)
    if row is None or row.tries < MOST_TRIES:
        return row is None
    _end(row, LetterState.FAILED)
    return True


def give_up(letter_id: UUID) -> None:
    """The letter will never leave."""
    row = _locked(letter_id)
    if row:
        _end(row, LetterState.FAILED)


def tick_off(letter_id: UUID) -> None:
    """The letter has left."""
    row = _locked(letter_id)
    if row:
        row.sent_at = clock.now()
        _end(row, LetterState.SENT)


def _end(row: Letter, state: LetterState) -> None:
    """Nothing is tried any more. What was written to somebody without an account does not stay; a demo shows it."""
    row.state = state.value
    if row.kind == TO_PERSON and not are_kept():
        session().delete(row)


def _locked(letter_id: UUID) -> Letter | None:
    mine = select(Letter).where(Letter.id == letter_id).with_for_update()
    return session().scalars(mine, execution_options={"populate_existing": True}).one_or_none()

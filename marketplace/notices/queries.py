"""Reading letters: only where they never leave, for the page of the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.kit.i18n import gettext as _
from marketplace.notices.models import TO_PERSON, Letter, open_part
from marketplace.notices.sending import are_kept, mail_from

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Delivered:
    """A letter as its reader sees it."""

    id: UUID
    kind: str
    sender: str
    to: str
    subject: str
    text: str
    html: str
    at: datetime


def outbox(to: str = "") -> Sequence[Delivered]:
    """The newest 200 letters, newest first; with `to` only those to this address among them.

    Raises:
        RuntimeError: letters leave this installation: nobody but their readers opens them.
    """
    if not are_kept():
        raise RuntimeError("letters can be read in the demo only")
    rows = session().scalars(select(Letter).order_by(Letter.created_at.desc(), Letter.id.desc()).limit(_SHOWN))
    letters = [_opened(row) for row in rows]
    return [letter for letter in letters if not to or letter.to == to]


def _opened(row: Letter) -> Delivered:
    to, text, html = (open_part(row.id, part, getattr(row, part)) for part in ("to_address", "text", "html"))
    if row.kind == TO_PERSON:
        to = _("the person in a lead")
    return Delivered(row.id, row.kind, mail_from(), to, row.subject, text, html, row.created_at)

"""Writing letters."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from marketplace.jobs import defer
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.ids import new_id
from marketplace.kit.render import render
from marketplace.notices.look import dress, look
from marketplace.notices.models import Letter, seal_part
from marketplace.notices.sending import public_url, send
from marketplace.people.queries import Addressee

#: how long letters stay in the table, for the question whether one was sent
KEPT = timedelta(days=30)

_GAP = re.compile(r"\n{3,}")


def write(kind: str, to: Addressee, event_id: UUID, **context: Any) -> None:
    """Write a letter and queue its sending, in the caller's transaction; the same event never writes it twice.

    Args:
        kind: `templates/emails/<kind>.txt`, whose first line is the subject, and `<kind>.html`.
        to: whose locale it speaks.
        event_id: what it tells about.
        context: the values that both templates show, beside `to` and `link`.
    """
    letter_id, known = new_id(), {**context, "to": to, "link": link, "media": look().media}
    subject, _, text = render(f"emails/{kind}.txt", to.locale, **known).strip().partition("\n")
    html = dress(render(f"emails/{kind}.html", to.locale, **known), look())
    written = session().execute(
        insert(Letter)
        .values(
            id=letter_id,
            reference=f"{event_id}:{kind}:{to.user_id or ''}",
            kind=kind,
            user_id=to.user_id,
            to_address=seal_part(letter_id, "to_address", to.email),
            subject=subject.strip(),
            text=seal_part(letter_id, "text", _GAP.sub("\n\n", text).strip() + "\n"),
            html=seal_part(letter_id, "html", html),
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[Letter.reference])
        .returning(Letter.id)
    )
    if written.first():
        defer(send, letter_id=str(letter_id))


def link(path: str, **query: str) -> str:
    """The full address of a page."""
    return f"{public_url()}{path}" + (f"?{urlencode(query)}" if query else "")


def forget_old() -> None:
    """Drop letters nobody will ask about any more."""
    session().execute(delete(Letter).where(Letter.created_at < clock.now() - KEPT))

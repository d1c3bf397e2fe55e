"""The letter to the person of a disputed lead: the only one that we write to somebody who has no account here."""

from uuid import UUID

from marketplace.catalog import vertical
from marketplace.disputes import persons
from marketplace.notices.actions import write
from marketplace.people.queries import Addressee

#: its kind; the demo does not show to whom it goes
KIND = "person_asked"


def person_asked(dispute_id: UUID) -> None:
    """Once a dispute, where the person's word would decide it and they may be written to."""
    asked = persons.ask(dispute_id)
    if asked:
        write(KIND, Addressee(asked.email, "en"), asked.event_id, asked=asked, trade=vertical(asked.vertical).title)

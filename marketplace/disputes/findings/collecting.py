"""Findings come: from our own records at once, from the outside by row -> call -> row, from others by `note`."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace import leads
from marketplace.disputes.findings.lines import Line, line_provider
from marketplace.disputes.findings.models import FindingRow, Source
from marketplace.disputes.findings.sources import Case, Look, looks_at
from marketplace.disputes.models import Dispute
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.ids import new_id
from marketplace.leads import Lead
from marketplace.leads.contact import Recheck
from marketplace.orders import Order
from marketplace.quality.disputes import Evidence as Kind
from marketplace.quality.disputes import Found

ASKED, NOBODY_ASKED = "asked", "nobody_asked"
#: how we hear of the person: they answered our letter
BY_LETTER = "letter"
#: marks what was found of the value that an agency offered as a correction, not of the one that was sold
OFFERED = "offered"
#: no verdict falls by itself while we wait so long for somebody outside
PATIENCE = timedelta(hours=24)
_FOUND = {Line.DEAD: Found.PRESENT, Line.LIVE: Found.ABSENT, Line.UNKNOWN: Found.UNKNOWN}


def case_of(dispute: Dispute) -> Case:
    """A dispute that the caller has found, with its order and lead."""
    found = select(Order, Lead).join(Lead, Lead.id == Order.lead_id).where(Order.id == dispute.order_id)
    order, lead = session().execute(found, execution_options={"populate_existing": True}).one()
    return Case(dispute, order, lead)


def collect(case: Case) -> None:
    """Look at our own records anew, but for what was found of an offered correction: they know the old value alone."""
    of_offer = FindingRow.dispute_id == case.dispute.id, FindingRow.facts[OFFERED].as_boolean()
    known = set(session().scalars(select(FindingRow.evidence).where(*of_offer)))
    for look in looks_at(case):
        if look.evidence not in known:
            note(case.dispute, look)


def note(dispute: Dispute, look: Look) -> None:
    """Keep what a source has found; what the same way of looking said before is replaced."""
    mine = FindingRow.dispute_id == dispute.id, FindingRow.evidence == look.evidence
    session().execute(
        delete(FindingRow).where(*mine, FindingRow.method == look.method, FindingRow.source != look.source)
    )
    values = {
        "found": look.found.value,
        "method": look.method,
        "facts": dict(look.facts),
        "uploaded": look.uploaded,
        "at": clock.now(),
    }
    row = insert(FindingRow).values(
        id=new_id(), dispute_id=dispute.id, evidence=look.evidence.value, source=look.source.value, **values
    )
    session().execute(row.on_conflict_do_update(index_elements=["dispute_id", "evidence", "source"], set_=values))


def note_offered(dispute: Dispute, evidence: Kind, found: Found, method: str) -> None:
    """What is known of the value that was offered in the place of the one that was sold."""
    note(dispute, Look(evidence, found, Source.US, method, {OFFERED: True}))


def unsay_letter(dispute: Dispute) -> None:
    """Another address stands in the place of the one that was sold: who answered there may be a stranger."""
    told = FindingRow.dispute_id == dispute.id, FindingRow.evidence == Kind.NOT_ME, FindingRow.method == BY_LETTER
    values = {"found": Found.UNKNOWN.value, "facts": {OFFERED: True}, "at": clock.now()}
    session().execute(update(FindingRow).where(*told, FindingRow.source == Source.CONSUMER).values(values))


def ask_about_line(case: Case) -> str | None:
    """Write down that we are about to ask for the lead's line; its number, or None when there is nothing to ask.

    The contact is read on behalf of the buyer who has the right to it, and the reading is logged.
    """
    if line_provider() is None:
        note(case.dispute, Look(Kind.PHONE_RECHECK, Found.UNKNOWN, Source.US, NOBODY_ASKED))
        return None
    phone = leads.open_contact(Recheck(case.order.buyer_id), case.lead.id).phone_e164
    if phone is None:
        note(case.dispute, Look(Kind.PHONE_RECHECK, Found.UNKNOWN, Source.US, "no_phone"))
        return None
    note(case.dispute, Look(Kind.PHONE_RECHECK, Found.UNKNOWN, Source.US, ASKED))
    return phone


def note_line(dispute: Dispute, line: Line, *, is_offered: bool = False) -> None:
    """What the provider said about the line. is_offered: of the number that was offered as a correction."""
    look = Look(Kind.PHONE_RECHECK, _FOUND[line], Source.US, "line", {OFFERED: True} if is_offered else {})
    note(dispute, look)


def is_waited_for(dispute: Dispute) -> bool:
    """Whether somebody outside was asked and has not answered, and has still time for it."""
    asked = select(FindingRow.id).where(
        FindingRow.dispute_id == dispute.id, FindingRow.method == ASKED, FindingRow.at > clock.now() - PATIENCE
    )
    return session().scalar(asked.limit(1)) is not None

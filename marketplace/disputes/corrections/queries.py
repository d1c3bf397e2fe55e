"""Reading corrections of disputes that the caller has found for somebody."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from marketplace.checks import normalise_phone
from marketplace.disputes.corrections.models import Correction, CorrectionState
from marketplace.disputes.findings import Case
from marketplace.disputes.models import Dispute
from marketplace.disputes.queries import lead_of
from marketplace.disputes.reasons import may_mend
from marketplace.kit.db import fresh, session
from marketplace.leads.contact import Recheck, given_fields, open_field
from marketplace.leads.mending import is_left_alone
from marketplace.people import Power, Who


def of_dispute(dispute: Dispute, *, lock: bool = False) -> Correction | None:
    statement = select(Correction).where(Correction.dispute_id == dispute.id)
    return session().scalar(fresh(statement) if lock else statement)


def of_disputes(dispute_ids: Collection[UUID]) -> Mapping[UUID, Correction]:
    """The corrections of several disputes by the dispute's id; those without are left out."""
    found = session().scalars(select(Correction).where(Correction.dispute_id.in_(dispute_ids)))
    return {each.dispute_id: each for each in found}


def mendable_of(dispute: Dispute) -> tuple[str, ...]:
    """The fields that the reason is about and that the lead has."""
    return may_mend(dispute.reason, given_fields(lead_of(dispute).id))


def offered_value(who: Who, dispute: Dispute, correction: Correction | None) -> str | None:
    """What the field should have been, for the buyer while it tries it; the reading is logged."""
    if not who.is_buyer or not who.can(Power.ORDERS_READ):  # who may not read a contact may not read its correction
        return None
    if correction is None or correction.state != CorrectionState.TRIED or not dispute.is_open:
        return None
    value = open_field(who, lead_of(dispute).id, correction.id, correction.sealed or b"")
    return None if is_left_alone(correction.field, value) else value


def number_left(case: Case, correction: Correction) -> str | None:
    """A number that failed as E.164, for our own check on behalf of the buyer; None where that was made. Logged."""
    if correction.sealed is None:
        return None
    reader = Recheck(case.order.buyer_id)
    return normalise_phone(open_field(reader, case.lead.id, correction.id, correction.sealed), case.lead.country)

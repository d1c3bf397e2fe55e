"""A typo in a lead's contact is put right: checked by the same checks, sealed like any contact."""

from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Exists, delete, exists, select, update

from marketplace.checks import Outcome, Result, canonical_email, check_email, check_phone, normalise_phone
from marketplace.checks.name import check_name
from marketplace.events import Actor, record
from marketplace.kit import clock
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import fresh, session
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.text import clean_text
from marketplace.leads import twins
from marketplace.leads.contact import is_typo_of, mend_contact, open_to_compare
from marketplace.leads.errors import NotMended
from marketplace.leads.likeness import key_anew
from marketplace.leads.models import Lead, LeadKey
from marketplace.leads.rules import SAME_LEAD, initials_of
from marketplace.leads.withdrawals import hold, withdrawn_among

_LONGEST = 200
_WRONG_PHONE = _l("This number cannot be called.")
_WRONG_EMAIL = _l("This address does not accept mail.")
_WRONG_NAME = _l("This does not read like a name.")


class Mended(NamedTuple):
    """A field as it should have been. `canonical`: the form in which two spellings of one person's are equal."""

    field: str
    value: str
    canonical: str | None


def checked(lead: Lead, field: str, raw: str) -> Mended:
    """What an agency says that a field should have been, held against the checks of intake.

    Whether its reader wants no more calls is not told here, or agencies could ask for any address: see `is_left_alone`.

    Raises:
        NotMended: it does not pass, is not a slip away from what was sold, or belongs to another of its leads.
    """
    mended = read(lead, field, clean_text(raw)[:_LONGEST])
    if not is_typo_of(lead.id, field, mended.value, mended.canonical or mended.value):
        raise NotMended.because(
            _l("This is more than a typo away from what was sold: at most two characters may differ.")
        )
    if mended.canonical and session().scalar(select(_others(lead, mended))):
        raise NotMended.because(_l("You have sent another lead with this in the last 90 days."))
    return mended


def is_left_alone(field: str, value: str) -> bool:
    """Whether who reads this address wants no more calls; nobody withdraws it until the end of the transaction."""
    if field != "email":
        return False
    hold()
    return bool(withdrawn_among([blind_index(field, canonical_email(value) or "")]))


def mend(lead_id: UUID, mended: Mended, *, by: Actor, org_ids: list[UUID]) -> None:
    """Put the field right, for everybody who has bought the lead; the event names the field alone."""
    locked = fresh(select(Lead).where(Lead.id == lead_id)).with_for_update(key_share=True)
    lead = session().scalars(locked).one()
    renamed = mended.field.endswith("_name")
    known = open_to_compare(lead.agency_id, [lead.id] if renamed else [])
    name = mend_contact(lead.id, mended.field, mended.value, mended.canonical if mended.field == "phone" else None)
    if mended.canonical:
        _key_anew(lead, mended)
        twins.pair_anew(lead.id)
    elif renamed:
        before = known[lead.id]
        key_anew(lead, before, replace(before, fields={**before.fields, mended.field: mended.value}))
        first, _space, last = name.partition(" ")
        session().execute(update(Lead).where(Lead.id == lead.id).values(initials=initials_of(first, last)))
    record("lead.corrected", lead.id, by=by, orgs=org_ids, field=mended.field)


def read(lead: Lead, field: str, raw: str) -> Mended:
    """A field's value as the checks of intake see it. Raises NotMended: it does not pass."""
    if field == "phone":
        _refuse_failed(check_phone(raw, lead.country), _WRONG_PHONE)
        return Mended(field, raw, normalise_phone(raw, lead.country))
    if field == "email":
        _refuse_failed(check_email(raw), _WRONG_EMAIL)
        return Mended(field, raw, canonical_email(raw))
    _refuse_failed(check_name(raw), _WRONG_NAME)
    return Mended(field, raw, None)


def _refuse_failed(result: Result, why: LazyText) -> None:
    if result.outcome is not Outcome.PASSED:
        raise NotMended.because(why)


def _others(lead: Lead, mended: Mended) -> Exists:
    digest = blind_index(mended.field, mended.canonical or "")
    return exists().where(
        LeadKey.agency_id == lead.agency_id,
        LeadKey.digest == digest,
        LeadKey.lead_id != lead.id,
        LeadKey.received_at > clock.now() - SAME_LEAD,
    )


def _key_anew(lead: Lead, mended: Mended) -> None:
    session().execute(delete(LeadKey).where(LeadKey.lead_id == lead.id, LeadKey.kind == mended.field))
    key = LeadKey(
        lead_id=lead.id,
        kind=mended.field,
        agency_id=lead.agency_id,
        digest=blind_index(mended.field, mended.canonical or ""),
        received_at=lead.received_at,
    )
    session().add(key)
    session().flush()

"""Leads leave the catalogue: taken back by their agency, or too old."""

from uuid import UUID

from sqlalchemy import select, update

from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import Conflict
from marketplace.kit.i18n import gettext as _
from marketplace.leads import rules, withdrawals
from marketplace.leads.models import Lead, LeadKey, LeadState
from marketplace.leads.queries import find_for
from marketplace.people import Power, Who

_BATCH = 1000


def withdraw(who: Who, lead_id: UUID) -> Lead:
    """The agency takes a lead off sale; who bought it keeps it. Doing it twice is fine."""
    who.need(Power.LEADS_WRITE)
    lead = find_for(who, lead_id, lock=True)
    if lead.state == LeadState.WITHDRAWN:
        return lead
    if LeadState.WITHDRAWN not in rules.LEAD_ALLOWED[LeadState(lead.state)]:
        raise Conflict(_("This lead is no longer on sale."))
    lead.state = LeadState.WITHDRAWN
    record("lead.withdrawn", lead.id, by=who, orgs=[who.org_id])
    return lead


def stop_person(address: bytes) -> int:
    """Whoever reads this mailbox wants no more calls: what has its address is taken off sale (how many) for good.

    address: the keyed digest of the e-mail to which we wrote. Only its leads: who answers a letter has shown that they
    read a mailbox and nothing else, so a telephone that another lead has as well takes nobody's lead off sale.
    Its agencies are not told why: none may learn what another one has.
    """
    withdrawals.keep(address)
    theirs = select(LeadKey.lead_id).where(LeadKey.digest == address, LeadKey.kind == "email")
    on_sale = select(Lead).where(Lead.state == LeadState.AVAILABLE, Lead.id.in_(theirs)).order_by(Lead.id)
    locked = on_sale.with_for_update(key_share=True)  # who writes of their twins meanwhile is in nobody's way
    found = session().scalars(locked.execution_options(populate_existing=True)).all()
    for lead in found:
        lead.state = LeadState.WITHDRAWN
        record("lead.withdrawn", lead.id, by=SYSTEM, orgs=[lead.agency_id])
    return len(found)


def expire_due() -> int:
    """Take up to 1,000 leads that have grown too old off sale; return how many."""
    due = (
        select(Lead.id)
        .where(Lead.state == LeadState.AVAILABLE, Lead.expires_at <= clock.now())
        .limit(_BATCH)
        .with_for_update(key_share=True, skip_locked=True)
    )
    expired = session().execute(
        update(Lead)
        .where(Lead.id.in_(due.scalar_subquery()))
        .values(state=LeadState.EXPIRED)
        .returning(Lead.id)
        .execution_options(synchronize_session=False)
    )
    return len(expired.all())

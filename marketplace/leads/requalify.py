"""An agency found out more about a person: the class of the lead follows, and the way to it is kept."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy import select

from marketplace.checks import Flag, qualify
from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import Conflict
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.leads.models import Lead, LeadQualification, LeadState
from marketplace.leads.queries import find_for
from marketplace.people import Power, Who

#: the ways in which somebody can have found out
WAYS: Mapping[str, Any] = {
    "manager": _l("a person asked"),
    "chatbot": _l("a chat program asked"),
    "quiz": _l("a quiz"),
    "behaviour": _l("what the person did on the site"),
    "algorithm": _l("an automatic check"),
}


class QualificationIn(Schema):
    """What was found out: at least one of the three, true or false, and how."""

    need = fields.Boolean(allow_none=True)
    wish = fields.Boolean(allow_none=True)
    ability = fields.Boolean(allow_none=True)
    by = fields.String(required=True, validate=validate.OneOf(list(WAYS)))

    @validates_schema
    def _something(self, data: dict[str, Any], **_options: Any) -> None:
        if all(data.get(flag) is None for flag in Flag):
            raise ValidationError({"need": [_("Say what was found out: need, wish or ability.")]})


def requalify(who: Who, lead_id: UUID, found: Mapping[str, Any]) -> Lead:
    """Take what was found out; the class follows by the rules. The same again changes nothing.

    Raises:
        Conflict: it is sold or off sale: who bought it, bought it as it was.
    """
    who.need(Power.LEADS_WRITE)
    lead = find_for(who, lead_id, lock=True)
    if lead.state != LeadState.AVAILABLE or lead.slots_taken:
        raise Conflict(_("A lead that was sold or is off sale keeps its class."))
    before = lead.checks.get("shows", {})
    told = {flag.value: found[flag] for flag in Flag if found.get(flag) is not None}
    if all(before.get(flag, {}).get("shown") is shown for flag, shown in told.items()):
        return lead
    shows = before | {flag: {"shown": shown, "by": found["by"]} for flag, shown in told.items()}
    _keep(who, lead, shows, found["by"])
    return lead


def history_of(lead: Lead) -> Sequence[LeadQualification]:
    """What was found out since the lead came in, the first one first; the lead was found for somebody before."""
    of_lead = select(LeadQualification).where(LeadQualification.lead_id == lead.id)
    return session().scalars(of_lead.order_by(LeadQualification.id)).all()


def _keep(who: Who, lead: Lead, shows: dict[str, Any], by: str) -> None:
    """The lead with its new class, which is scored anew, and the row of its history."""
    was, now = lead.qualification, qualify(shows)
    known = {flag.value: shows.get(flag, {}).get("shown") for flag in Flag}
    step = LeadQualification(lead_id=lead.id, was=was, now=now, by=by, user_id=who.user_id, at=clock.now(), **known)
    session().add(step)
    lead.qualification, lead.checks = now, {**lead.checks, "shows": shows}
    lead.real_bp = lead.convert_bp = None
    record("lead.qualified", lead.id, by=who, orgs=[lead.agency_id], was=was, now=now)

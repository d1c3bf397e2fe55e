"""Calls to people of leads: which of them are made, who may make one, and what follows from it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from marketplace import leads
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.ids import new_id
from marketplace.kit.paging import Ask, Page, page
from marketplace.leads import Contact, Lead, LeadState, holds
from marketplace.people import Organisation, Power, Who
from marketplace.people.queries.ties import has_ties
from marketplace.quality.agencies import alarms, rules
from marketplace.quality.agencies.errors import AuditDone, OwnAgency
from marketplace.quality.agencies.models import AgencyAlarm, AlarmState
from marketplace.quality.facts import AuditState, Finding, LeadAudit, SoldLead, one_at_a_time

#: after so long nobody remembers having asked
TOO_OLD = timedelta(days=14)
_ALL_BP = 10_000
_STATES: Mapping[Finding, AuditState] = {
    Finding.ASKED: AuditState.PASSED,
    Finding.DID_NOT_ASK: AuditState.FAILED,
    Finding.WRONG_PERSON: AuditState.FAILED,
    Finding.UNREACHABLE: AuditState.UNREACHABLE,
}
_UNDRAWN = text("""
SELECT s.order_id, s.lead_id, s.agency_id, s.channel, s.matured_at, s.fault, terms.audit_bp
FROM sold_leads s
JOIN organisations org ON org.id = s.agency_id
JOIN LATERAL (
  SELECT t.audit_bp FROM grade_terms t WHERE t.grade = org.grade AND t.since <= :now ORDER BY t.number DESC LIMIT 1
) terms ON true
WHERE s.matured_at IS NOT NULL AND NOT s.drawn
ORDER BY s.matured_at, s.order_id LIMIT :most FOR UPDATE OF s SKIP LOCKED
""")
_lot = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Call:
    """A call to be made or made, with its lead and agency."""

    audit: LeadAudit
    lead: Lead
    agency: Organisation

    @property
    def id(self) -> UUID:
        return self.audit.id


def draw(most: int) -> int:
    """Cast the lot for leads that have matured: each is called with the share of its agency's grade of now.

    A lead that is known to be bad fails without a call: left out, those drawn would be better than all. After two weeks
    nobody remembers, and who wants no more calls is left alone. Returns how many were looked at.
    """
    now = clock.now()
    rows = session().execute(_UNDRAWN, {"now": now, "most": most}).all()
    if not rows:
        return 0
    left_alone = leads.withdrawn_at([row.lead_id for row in rows])
    drawn = [
        _row(row, "sample", row.audit_bp)
        for row in rows
        if row.lead_id not in left_alone
        and row.audit_bp
        and now - row.matured_at < TOO_OLD
        and _lot.randrange(_ALL_BP) < row.audit_bp
    ]
    _add(drawn)
    looked_at = update(SoldLead).where(SoldLead.order_id.in_([row.order_id for row in rows])).values(drawn=True)
    session().execute(looked_at.execution_options(synchronize_session=False))
    return len(rows)


def draw_for_alarms() -> None:
    """For each open alarm as many calls as are wanting: newest sold leads of its channel, or held ones of an agency."""
    one_at_a_time()
    is_open = AgencyAlarm.state.in_((AlarmState.RINGING, AlarmState.CONFIRMED))
    for alarm in session().scalars(select(AgencyAlarm).where(is_open).order_by(AgencyAlarm.id)).all():
        told = alarms.counts(alarm)
        if alarm.channel == alarms.WHOLE:
            _draw_held(alarm.agency_id, rules.CLEAN - told.waiting)
        elif alarm.state == AlarmState.RINGING:
            first = max(rules.CALLS - told.drawn, 0)
            again = max(rules.CALLS - told.passed - told.failed - told.waiting - first, 0)
            drawn = _draw_sold(alarm, first) + _draw_sold(alarm, again, only_unknown=True)
            # A dispute may have said what a call would have.
            alarms.review(alarm.agency_id, alarm.channel, SYSTEM, is_all=drawn < first + again)


def queue_for(who: Who, ask: Ask, *, agency_id: UUID | None = None, state: str = AuditState.WAITING) -> Page[Call]:
    """Calls for staff: those to be made, the longest waiting first, or those that were made. Raises Forbidden."""
    who.need(Power.DISPUTES_DECIDE)
    found = _calls().where(LeadAudit.state == state)
    if agency_id:
        found = found.where(LeadAudit.agency_id == agency_id)
    return page(
        found,
        ask,
        by=[LeadAudit.drawn_at, LeadAudit.id],
        key=lambda call: [call.audit.drawn_at, call.id],
        build=lambda row: Call(*row),
        descending=state != AuditState.WAITING,
    )


def count_calls(who: Who) -> int:
    """How many calls are to be made. Raises Forbidden."""
    who.need(Power.DISPUTES_DECIDE)
    waiting = select(func.count()).select_from(LeadAudit).where(LeadAudit.state == AuditState.WAITING)
    return int(session().scalar(waiting) or 0)


def call_for(who: Who, audit_id: UUID) -> Call:
    """One call for staff. Raises NotFound, Forbidden."""
    who.need(Power.DISPUTES_DECIDE)
    row = session().execute(_calls().where(LeadAudit.id == audit_id)).first()
    if row is None:
        raise NotFound
    return Call(*row)


def open_contact(who: Who, audit_id: UUID) -> Contact:
    """Who is to be called: written down, and possible only while the call is to be made.

    Raises:
        NotFound, Forbidden, AuditDone, OwnAgency, LeftAlone.
    """
    call = call_for(who, audit_id)
    if call.audit.state != AuditState.WAITING:
        raise AuditDone
    refuse_own(who, call.audit.agency_id)
    leads.let_call(who, call.audit.lead_id, audit_id)
    return leads.open_contact(who, call.audit.lead_id)


def record_call(who: Who, audit_id: UUID, finding: Finding, note: str) -> LeadAudit:
    """What the call showed. A lead that the person did not ask for is a fault. The same again changes nothing.

    Raises:
        NotFound, Forbidden, OwnAgency, AuditDone: something else was written down before.
    """
    who.need(Power.DISPUTES_DECIDE)
    one_at_a_time()
    audit = session().scalars(fresh(select(LeadAudit).where(LeadAudit.id == audit_id))).first()
    if audit is None:
        raise NotFound
    if audit.finding == finding:
        return audit
    if audit.state != AuditState.WAITING:
        raise AuditDone
    refuse_own(who, audit.agency_id)
    audit.state, audit.finding, audit.note = _STATES[finding], finding, note.strip()
    audit.decided_at, audit.decided_by = clock.now(), who.user_id
    session().flush()
    if audit.state == AuditState.FAILED:
        _blame(audit)
    leads.end_call(audit_id)
    record("lead_audit.made", audit.id, by=who, orgs=[audit.agency_id], finding=finding.value)
    alarms.review(audit.agency_id, audit.channel, who)
    return audit


def leave_alone() -> None:
    """End the calls to people who want no more of them, and close their contacts: neither good nor bad."""
    one_at_a_time()
    theirs = LeadAudit.state == AuditState.WAITING, leads.is_withdrawn(LeadAudit.lead_id)
    for audit in session().scalars(fresh(select(LeadAudit).where(*theirs).order_by(LeadAudit.id))).all():
        audit.state, audit.finding, audit.decided_at = AuditState.UNREACHABLE, Finding.STOPPED, clock.now()
        leads.end_call(audit.id)
        record("lead_audit.made", audit.id, by=SYSTEM, orgs=[audit.agency_id], finding=Finding.STOPPED.value)


def _blame(audit: LeadAudit) -> None:
    is_good = SoldLead.order_id == audit.order_id, SoldLead.fault.is_(False)
    session().execute(update(SoldLead).where(*is_good).values(fault=True, fault_reason=f"audit_{audit.finding}"))


def _draw_sold(alarm: AgencyAlarm, count: int, *, only_unknown: bool = False) -> int:
    """Draw so many for an alarm; how many there were. only_unknown: in place of people who were not reached.

    A known fault is always "reached". Drawn again in place of a call that came to nothing, the faults would count for
    more than their share among the leads; so only the first draw takes them.
    """
    audited = exists().where(LeadAudit.order_id == SoldLead.order_id)
    mine = SoldLead.agency_id == alarm.agency_id, SoldLead.channel == alarm.channel
    young = SoldLead.placed_at > clock.now() - 3 * TOO_OLD
    # Faults from before are what made it ring: counted again, they would confirm it by themselves.
    before = func.coalesce(SoldLead.matured_at <= alarm.rang_at, False)
    newest = select(SoldLead).where(*mine, young, ~audited, ~(before & SoldLead.fault.is_(True)))
    newest = newest.where(~leads.is_withdrawn(SoldLead.lead_id))
    if only_unknown:
        newest = newest.where(SoldLead.fault.is_not(True))
    rows = session().scalars(newest.order_by(before, SoldLead.placed_at.desc()).limit(count)).all()
    _add([_row(row, "alarm", _ALL_BP) for row in rows])
    return len(rows)


def _draw_held(agency_id: UUID, count: int) -> None:
    audited = exists().where(LeadAudit.lead_id == Lead.id)
    if count <= 0:
        return
    held = select(Lead.id, Lead.agency_id, Lead.channel).where(Lead.agency_id == agency_id, holds.is_held(), ~audited)
    held = held.where(Lead.state == LeadState.AVAILABLE, ~leads.is_withdrawn(Lead.id))  # who is off sale is left alone
    rows = session().execute(held.where(Lead.slots_taken == 0).order_by(Lead.received_at, Lead.id).limit(count)).all()
    common = {"order_id": None, "why": "held", "rate_bp": _ALL_BP, "drawn_at": clock.now()}
    _add(
        [{"id": new_id(), "lead_id": row.id, "agency_id": agency_id, "channel": row.channel, **common} for row in rows]
    )


def _row(sold: Any, why: str, rate_bp: int) -> dict[str, Any]:
    now = clock.now()
    is_known = bool(sold.fault)
    return {
        "id": new_id(),
        "order_id": sold.order_id,
        "lead_id": sold.lead_id,
        "agency_id": sold.agency_id,
        "channel": sold.channel,
        "rate_bp": rate_bp,
        "why": why,
        "drawn_at": now,
        "state": AuditState.FAILED if is_known else AuditState.WAITING,
        "finding": Finding.KNOWN if is_known else None,
        "decided_at": now if is_known else None,
    }


def _add(rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session().execute(insert(LeadAudit).on_conflict_do_nothing(), rows)


def _calls() -> Select[LeadAudit, Lead, Organisation]:
    found = select(LeadAudit, Lead, Organisation).join(Lead, Lead.id == LeadAudit.lead_id)
    return found.join(Organisation, Organisation.id == LeadAudit.agency_id)


def refuse_own(who: Who, agency_id: UUID) -> None:
    """Nobody calls for an agency to which they have ties. Raises OwnAgency."""
    if has_ties(who.user_id, [agency_id]):
        raise OwnAgency

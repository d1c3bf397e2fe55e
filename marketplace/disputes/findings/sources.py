"""What our own records say about a disputed lead: each function is one look, and needs no call to the outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, select

from marketplace.checks import Outcome
from marketplace.disputes.findings.models import Source
from marketplace.disputes.models import Dispute, Evidence, Reason
from marketplace.kit.db import session
from marketplace.leads import Lead
from marketplace.leads.sameness import has_bounced, sent_before
from marketplace.orders import Order, attempts, outcomes
from marketplace.orders.outcomes import Stage
from marketplace.quality.disputes import Evidence as Kind
from marketplace.quality.disputes import Found

R = Reason
#: what a side's file may show: that the person did not ask
_SAYS_SO = frozenset({R.NOT_REQUESTED, R.WRONG_PERSON, R.HIRED, R.COMPETITOR, R.NO_CONSENT})
#: reasons that a buyer can only know from having spoken with somebody: that it did so proves nothing against it
_NEEDS_TALK = _SAYS_SO | {R.OUTSIDE_CRITERIA, R.DUPLICATE}
_IN_CONTACT = frozenset({Stage.CONTACTED, Stage.QUALIFIED, Stage.WON})
_CONVINCED = frozenset({Stage.QUALIFIED, Stage.WON})


@dataclass(frozen=True, slots=True)
class Case:
    """A dispute with its order and lead, as a look needs them."""

    dispute: Dispute
    order: Order
    lead: Lead


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found. `uploaded`: a side's own word or file for itself."""

    evidence: Kind
    found: Found
    source: Source
    method: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    uploaded: bool = False


def looks_at(case: Case) -> Sequence[Look]:
    """All looks at our own records, in a fixed order."""
    return [look(case) for look in _LOOKS]


def _bounce(case: Case) -> Look:
    """A bounce that we have seen. We write to no lead, so that none came says nothing."""
    found = Found.PRESENT if has_bounced(case.lead) else Found.UNKNOWN
    return Look(Kind.HARD_BOUNCE, found, Source.US, "mailer")


def _duplicate(case: Case) -> Look:
    """What the agency itself sent: both sides read it, and no agency learns that another one has the person."""
    found = {None: Found.UNKNOWN, True: Found.PRESENT, False: Found.ABSENT}[sent_before(case.lead)]
    return Look(Kind.DUPLICATE, found, Source.US, "index")


def _consent(case: Case) -> Look:
    """As the check of the consent stands: proven is absent, a record that nobody has proven is unknown."""
    result = case.lead.checks.get("marks", {}).get("consent", Outcome.UNKNOWN.value)
    by_result = {Outcome.PASSED.value: Found.ABSENT, Outcome.FAILED.value: Found.PRESENT}
    return Look(Kind.CONSENT_BAD, by_result.get(result, Found.UNKNOWN), Source.US, "record")


def _calls(case: Case) -> Look:
    """The buyer's tries, its own word: who has its key can log whatever it likes, as by hand."""
    told = attempts.tally_of(case.order.id)
    found = Found.UNKNOWN if not told.tries else Found.PRESENT if told.is_enough else Found.ABSENT
    return Look(Kind.CALL_ATTEMPTS, found, Source.BUYER, "log", {"tries": told.tries, "days": told.days}, uploaded=True)


def _reached(case: Case) -> Look:
    """The buyer's own record: in full against its own dispute; that it reached nobody is its word for itself, half."""
    stages = {each.stage for each in outcomes.told_of(case.order)}
    needs_talk = Reason(case.dispute.reason) in _NEEDS_TALK
    against = _CONVINCED if needs_talk else _IN_CONTACT
    if stages & against or (not needs_talk and attempts.spoke(case.order.id)):
        return Look(Kind.REACHED, Found.PRESENT, Source.BUYER, "outcome")
    if not stages or stages & _IN_CONTACT:
        return Look(Kind.REACHED, Found.UNKNOWN, Source.BUYER, "outcome")
    return Look(Kind.REACHED, Found.ABSENT, Source.BUYER, "outcome", uploaded=True)


def _did_not_ask(case: Case) -> Look:
    """A file that the buyer gave for a reason that such a file can show. We do not listen to it, so it counts half."""
    found = Found.UNKNOWN
    if Reason(case.dispute.reason) in _SAYS_SO and session().scalar(
        select(exists().where(Evidence.dispute_id == case.dispute.id, Evidence.org_id == case.dispute.buyer_id))
    ):
        found = Found.PRESENT
    return Look(Kind.DID_NOT_ASK, found, Source.BUYER, "file", uploaded=True)


_LOOKS: Sequence[Callable[[Case], Look]] = (_bounce, _duplicate, _consent, _calls, _reached, _did_not_ask)

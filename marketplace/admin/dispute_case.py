"""One case with all that is known, on one screen: both sides, our own checks, what they add up to, the decisions."""

from collections.abc import Collection, Mapping
from typing import Any

from marketplace import catalog, disputes
from marketplace.admin.dispute_queue import Queue
from marketplace.checks import facts_of
from marketplace.disputes import (
    REASONS,
    Appeal,
    Dispute,
    DisputeLine,
    DisputeState,
    Reason,
    afterthought,
    corrections,
    verdicts,
)
from marketplace.disputes.appealed import is_buyers_turn, outcomes
from marketplace.disputes.corrections.rules import FIELDS
from marketplace.disputes.models import WaitingDecision
from marketplace.disputes.rules import refunds_of
from marketplace.disputes.verdicts.queries import Weighed
from marketplace.disputes.verdicts.wording import draft_of, told, told_rules
from marketplace.disputes.wording import said_in
from marketplace.kit import clock
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import noted as _n
from marketplace.kit.money import Money
from marketplace.leads.sameness import Elsewhere, sold_before
from marketplace.orders import Order
from marketplace.orders.rules import refund_of
from marketplace.people import Who, queries

_UPHELD, _PARTLY, _REJECTED = DisputeState.UPHELD, DisputeState.PARTLY_UPHELD, DisputeState.REJECTED
#: the four decisions with their keys; none of them weighs more than another
DECISIONS = {
    "full": (_n("Uphold"), "u", _UPHELD, 100),
    "half": (_n("Half"), "h", _PARTLY, 50),
    "quarter": (_n("Quarter"), "q", _PARTLY, 25),
    "none": (_n("Reject"), "r", _REJECTED, 0),
}
_ELSEWHERE = {
    Elsewhere.TO_BUYER: _n("This buyer had bought the person before, from another agency."),
    Elsewhere.TO_ANOTHER: _n("The person had already been sold to someone else by another agency."),
}


def case_of(who: Who, line: DisputeLine, queue: Queue) -> dict[str, Any]:
    """All that is known about a case; never the contact of the person in the lead."""
    dispute, order = line.dispute, line.order
    held, appealed = afterthought.of_dispute(dispute.id), _appealed(who, dispute, order)
    evidence, correction = disputes.evidence_of(dispute), corrections.of_dispute(dispute)
    found = verdicts.weighed_of(dispute)
    return {
        "line": line,
        "held": held if held and held.waits else None,
        "held_by": queries.names_of(who, {held.made_by}, set()) if held else {},
        "buyer": queries.card(dispute.buyer_id),
        "agency": queries.card(dispute.agency_id),
        "evidence": evidence,
        "facts": facts_of(line.lead.checks),
        "terms": catalog.terms_at(order.listing_id, order.listing_version),
        "needs": REASONS[Reason(dispute.reason)].proves,
        "decisions": [_button(name, order.price) for name in DECISIONS if _is_open_to(name, order)],
        "refunded": order.refunded,
        "correction": correction,
        "field_names": FIELDS,
        "next_case": queue.after(dispute.id),
        "is_early": dispute.state == DisputeState.OPEN and clock.now() < dispute.answer_by,
        "version": afterthought.version_of(dispute, evidence, correction, appealed["appeals"], found.findings),
        **_weighed(dispute, found),
        **(_taken_back(held, dispute, appealed) if held and held.made_by == who.user_id else {}),
        "elsewhere": _elsewhere(line),
        **appealed,
    }


def _weighed(dispute: Dispute, found: Weighed) -> dict[str, Any]:
    """What was said and looked for, what it adds up to, and what the published rules say to it."""
    return {
        **told(found),
        "said": said_in(dispute, found.verdict),
        "rules": told_rules(found.opinion) if found.opinion else [],
        "draft": draft_of(found.findings),
    }


def _elsewhere(line: DisputeLine) -> str:
    """What the parties may not know, the agency least of all: that another agency has sold this person."""
    sold = sold_before(line.lead, line.order.buyer_id, line.order.placed_at)
    return str(_(_ELSEWHERE[sold])) if sold else ""


def _taken_back(held: WaitingDecision, dispute: Dispute, appealed: Mapping[str, Any]) -> dict[str, Any]:
    """For whoever made a decision that was taken back: their own words, and why it did not fall."""
    if held.waits:
        return {}
    sides = {each.side for each in appealed["appeals"] if each.is_open}
    is_open = held.side in sides if held.side else dispute.is_open
    is_next = is_open and (held.side is None or appealed["appeal"].side == held.side)
    told = afterthought.told(held.why or "") if is_open else _("The case ended in another way.")
    kept = {"draft": held.reasoning, "draft_is_own": True, "early_draft": held.early_reason}
    return {**(kept if is_next else {}), "not_carried_out": told if held.why else ""}


def _appealed(who: Who, dispute: Dispute, order: Order) -> dict[str, Any]:
    """The case's appeals, and the one that is to be decided: the buyer's first."""
    appeals = disputes.appeals_of(dispute)
    waiting = min((each for each in appeals if each.is_open), key=lambda each: each.side != "buyer", default=None)
    return {
        "appeals": appeals,
        "appeal": waiting,
        "rulings": _rulings(waiting, outcomes(dispute, appeals, waiting.side), order) if waiting else [],
        "waits_for_buyer": waiting is not None and waiting.side == "agency" and is_buyers_turn(dispute, appeals),
        "is_own_decision": waiting is not None and waiting.first_decided_by == who.user_id,
    }


def _is_open_to(name: str, order: Order) -> bool:
    """Whether an order can be decided so: a deposit goes back in full or not at all."""
    _label, _key, outcome, percent = DECISIONS[name]
    return percent in refunds_of(outcome, is_per_sale=order.is_per_sale)


def _button(name: str, price: Money) -> dict[str, Any]:
    label, key, _outcome, percent = DECISIONS[name]
    return {
        "name": name,
        "label": _(label),
        "key": key,
        "amount": Money(refund_of(price.amount, percent), price.currency),
    }


def _rulings(appeal: Appeal, possible: Collection[int], order: Order) -> list[dict[str, Any]]:
    """What an appeal can come to, the decision as it stands first, then what is next to it."""
    shares = sorted(possible, reverse=appeal.side == "agency")
    return [
        {
            "value": percent,
            "label": _("Let it stand") if place == 0 else _("%(percent)s %% back", percent=percent),
            "key": "rhqu"[place],
            "amount": Money(refund_of(order.price_cents, percent), order.currency),
        }
        for place, percent in enumerate(shares)
    ]

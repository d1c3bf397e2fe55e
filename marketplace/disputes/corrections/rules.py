"""Pure decisions about corrections: the allowed changes, when one may be offered, how long the buyer has."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from marketplace.disputes.corrections.models import CorrectionState
from marketplace.disputes.models import Dispute
from marketplace.disputes.rules import ENDS
from marketplace.kit.i18n import noted as _n

S = CorrectionState
ALLOWED: Mapping[CorrectionState, frozenset[CorrectionState]] = {
    S.OFFERED: frozenset({S.TRIED, S.LAPSED}),
    S.TRIED: frozenset({S.ACCEPTED, S.FAILED, S.LAPSED}),
    S.ACCEPTED: frozenset(),
    S.FAILED: frozenset(),
    S.LAPSED: frozenset(),
}

#: to look at an offer, and once more to try what it says
TIME = timedelta(hours=48)

FIELDS: Mapping[str, str] = {
    "phone": _n("Phone"),
    "email": _n("E-mail"),
    "first_name": _n("First name"),
    "last_name": _n("Last name"),
    "full_name": _n("Name"),
}


def can_be_offered(dispute: Dispute, now: datetime) -> bool:
    """Whether the agency is still in its time to answer. That there was no offer before is for others to know."""
    return dispute.state not in ENDS and now < dispute.answer_by


def decide_by(dispute: Dispute, until: datetime, to_decide: timedelta) -> datetime:
    """Nobody decides while an offer is looked at or tried: the time to decide begins when that is over."""
    return max(dispute.decide_by, until + to_decide)

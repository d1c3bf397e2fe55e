"""Pure decisions about disputes: allowed changes, what each verdict means for money, what each reason asks for."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from marketplace.disputes.errors import AlreadyAppealed, AlreadyDisputed, AppealTimeOver, NotAppealable
from marketplace.disputes.models import Appeal, Dispute, DisputeState, Reason
from marketplace.kit.errors import Refusal
from marketplace.kit.i18n import noted as _n
from marketplace.orders import Order, OrderState, can_be_disputed
from marketplace.orders.errors import NotDisputable, WindowClosed

S = DisputeState
#: states in which a dispute is over
ENDS = frozenset({S.UPHELD, S.PARTLY_UPHELD, S.REJECTED, S.WITHDRAWN, S.CONCEDED})
ALLOWED: Mapping[DisputeState, frozenset[DisputeState]] = {
    S.OPEN: ENDS | {S.ANSWERED},
    S.ANSWERED: ENDS,
    S.UPHELD: frozenset(),
    S.PARTLY_UPHELD: frozenset(),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.CONCEDED: frozenset(),
}

_ALL = 100
ANSWER_TIME = timedelta(hours=72)
DECISION_TIME = timedelta(hours=48)

#: the share of the price that each verdict may give back
REFUNDS: Mapping[DisputeState, frozenset[int]] = {
    S.UPHELD: frozenset({100}),
    S.PARTLY_UPHELD: frozenset({25, 50}),
    S.REJECTED: frozenset({0}),
}

#: what each reason is called, and what helps to prove it
REASONS: Mapping[Reason, tuple[str, str]] = {
    Reason.INVALID_PHONE: (_n("The phone number does not work"), _n("When you called, and what the network said.")),
    Reason.INVALID_EMAIL: (_n("The e-mail address does not work"), _n("The bounce message you got back.")),
    Reason.WRONG_PERSON: (_n("It is somebody else"), _n("What the person who answered told you.")),
    Reason.NOT_REQUESTED: (_n("The person never asked"), _n("A recording or a message in which they say so.")),
    Reason.DUPLICATE: (_n("I have this person already"), _n("Your own record with its date.")),
    Reason.BOT: (_n("Filled in by a program"), _n("What makes you think so.")),
    Reason.HIRED: (_n("Paid to fill in the form"), _n("What the person said about who paid them.")),
    Reason.COMPETITOR: (_n("A competitor or a tester"), _n("How you know where they work.")),
    Reason.OUTSIDE_CRITERIA: (_n("Not what the listing says"), _n("Which term of the listing is not met.")),
    Reason.NO_CONSENT: (_n("Did not agree to be contacted"), _n("What the person said about the consent.")),
    Reason.UNREACHABLE: (_n("Cannot be reached"), _n("A call log: at least 4 tries on 2 days.")),
}

MOST_FILES = 5
MOST_FILE_BYTES = 10 << 20

#: what evidence may be, by its first bytes; everything is given back as a download, never run in the page
FILE_TYPES: Mapping[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"%PDF-": "application/pdf",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"RIFF": "audio/wav",
    b"OggS": "audio/ogg",
}


def hindrance(order: Order, newest: Dispute | None, now: datetime) -> Refusal | None:
    """Why a buyer cannot dispute this order now, or None. newest: the order's newest dispute, if there is one."""
    if order.state == OrderState.RELEASED or now > order.window_ends_at:
        return WindowClosed()
    if newest and newest.state not in (S.OPEN, S.ANSWERED, S.WITHDRAWN):
        return AlreadyDisputed()
    return None if can_be_disputed(order) else NotDisputable()


def refunds_of(outcome: DisputeState, *, is_per_sale: bool) -> frozenset[int]:
    """The shares that a verdict may give back: a deposit goes back in full or not at all."""
    shares = REFUNDS.get(outcome, frozenset())
    return shares & {0, 100} if is_per_sale else shares


def appeal_hindrance(dispute: Dispute, side: str, mine: Appeal | None, now: datetime) -> Refusal | None:
    """Why a side cannot appeal now, or None. side: `buyer` or `agency`; mine: the appeal that it made before."""
    lost = {"buyer": dispute.refund_percent != _ALL, "agency": dispute.refund_percent != 0}
    if dispute.state not in REFUNDS or not lost[side]:
        return NotAppealable()
    if mine:
        return AlreadyAppealed()
    return AppealTimeOver() if dispute.appeal_until is None or now > dispute.appeal_until else None


def appeal_outcomes(side: str, percent: int, *, is_per_sale: bool) -> frozenset[int]:
    """What an appeal can make of a decision that gave `percent` back: the same, or more for the side that appealed."""
    shares = frozenset({0, _ALL}) if is_per_sale else frozenset({0, 25, 50, _ALL})
    return frozenset(each for each in shares if (each >= percent if side == "buyer" else each <= percent))


def type_of(head: bytes) -> str | None:
    """The kind of a file from its first bytes; plain UTF-8 text counts, anything else is None."""
    for mark, kind in FILE_TYPES.items():
        if head.startswith(mark):
            return kind
    try:
        text = head.decode(errors="strict") if len(head) < _HEAD else head[:-_CUT].decode(errors="ignore")
    except UnicodeDecodeError:
        return None
    return "text/plain" if text and "\0" not in text and "\ufffd" not in text else None


_HEAD = 4096
_CUT = 4

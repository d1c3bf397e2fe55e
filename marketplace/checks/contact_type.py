"""What kind of contact a lead is. Derived from what was left behind, never typed in by the agency."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.kit.text import listed


class ContactType(StrEnum):
    FAST = "fast"  # a name and a number, to be called at once
    REGISTRATION = "registration"  # account data, maybe no phone
    PROMO = "promo"  # left at an event, a stand, a prize draw
    INTERESTED = "interested"  # detailed answers and a time to call


_OFFLINE = frozenset(
    listed(
        "event|exhibition|conference|contest|prize_draw|prize draw|flyer|coffee_break|coffee break|promo|offline|stand"
        "|fair|trade_fair|trade show|street"
    )
)
_DETAIL_ANSWERS = 3
_DETAIL_WORDS = 5


def contact_type(lead: Mapping[str, object], answers: Mapping[str, object], *, offline: bool = False) -> ContactType:
    """Exactly one kind for every lead.

    Interested needs detail (three answers, or remarks of five words) and a time to call. Then: offline events are
    promo; an e-mail or a profile is a registration; a bare phone is fast.
    """
    if lead.get("preferred_call_time") and _has_detail(lead, answers):
        return ContactType.INTERESTED
    if offline or str(lead.get("channel") or "").strip().lower() in _OFFLINE:
        return ContactType.PROMO
    if lead.get("email") or lead.get("social_url"):
        return ContactType.REGISTRATION
    return ContactType.FAST


def _has_detail(lead: Mapping[str, object], answers: Mapping[str, object]) -> bool:
    remarks = str(lead.get("comment") or "").split()
    return len(answers) >= _DETAIL_ANSWERS or len(remarks) >= _DETAIL_WORDS

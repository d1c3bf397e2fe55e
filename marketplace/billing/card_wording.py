"""What saved cards and wallets that fill themselves are called before people."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.billing.models import Pause, SavedCard, TopUp, TopUpState
from marketplace.billing.queries import RechargeLine
from marketplace.billing.recharge_rules import BY_HAND, Wait
from marketplace.billing.rules import MOST_A_DAY
from marketplace.billing.wording import failure_words
from marketplace.kit import clock
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import InEach

_PAUSES: Mapping[str, LazyText] = {
    Pause.DECLINED: _l("The bank declined the card four times."),
    Pause.AUTHENTICATION: _l("The bank wants the card’s owner to confirm the payment."),
    Pause.CARD_REMOVED: _l("The card was removed."),
    Pause.CHARGEBACK: _l("A bank has taken back one of your payments."),
}
_OTHER_CARD = _l("Choose another card to resume it.")
_CARD_OR_HAND = _l("Choose another card, or pay by hand, to resume it.")
_WAITS: Mapping[str, LazyText] = {
    Wait.NOT_VERIFIED: _l("It begins when we have checked your organisation."),
    Wait.CHARGEBACK: _l("A bank is disputing one of your payments. It resumes when that is decided."),
    Wait.DEBT: _l("You owe us money. Pay by hand first; then it resumes."),
    Wait.CHARGING: _l("The card is being charged."),
    Wait.BACKING_OFF: _l("The bank declined the card. We try again."),
    Wait.TWICE_TODAY: _l("The card has paid twice within 24 hours. It resumes after that."),
    Wait.DAILY_CAP: _l("A wallet takes %(most)s within 24 hours. It resumes after that.", most=InEach(MOST_A_DAY)),
}
#: how a charge of a saved card stands, and its tone
_CHARGES: Mapping[str, tuple[LazyText, str]] = {
    TopUpState.FAILED: (_l("not paid"), "warn"),
    TopUpState.CREATED: (_l("being charged"), ""),
    TopUpState.PROCESSING: (_l("being charged"), ""),
}
_NOT_CHARGED: Mapping[str, LazyText] = {
    "no_longer_wanted": _l("It was stopped before the card was charged."),
    "canceled": _l("The payment was called off."),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a wallet fills itself: one word with its tone, why, and what to do about it."""

    word: LazyText
    tone: str = ""
    why: LazyText | str = ""
    act: LazyText | str = ""
    by_hand: bool = False


def standing_of(line: RechargeLine | None) -> Standing:
    """The same in words."""
    if line is None or not line.recharge.is_on:
        return Standing(_l("off"))
    pause = line.recharge.pause
    if pause:
        by_hand = pause in BY_HAND
        return Standing(_l("paused"), "warn", _PAUSES[pause], _CARD_OR_HAND if by_hand else _OTHER_CARD, by_hand)
    if line.wait:
        return Standing(_l("waits"), "", _WAITS[line.wait], by_hand=line.wait in (Wait.DEBT, Wait.BACKING_OFF))
    return Standing(_l("on"), "pos")


def pause_words(pause: str) -> tuple[LazyText, LazyText]:
    """Why it is paused, and what ends that."""
    return _PAUSES[pause], _CARD_OR_HAND if pause in BY_HAND else _OTHER_CARD


def charge_words(charge: TopUp) -> tuple[LazyText, str, LazyText | str]:
    """How a charge stands: a word, its tone, and why it failed."""
    word, tone = _CHARGES.get(charge.state, (_l("paid"), "pos"))
    return word, tone, why_not_charged(charge.failure) if charge.state == TopUpState.FAILED else ""


def why_not_charged(code: str | None) -> LazyText | str:
    """Why a saved card did not pay."""
    return _NOT_CHARGED.get(code or "") or failure_words(code)


def is_expiring(card: SavedCard) -> bool:
    """Whether the card is not valid any more, or not after this month."""
    now = clock.now()
    return (card.exp_year, card.exp_month) <= (now.year, now.month)

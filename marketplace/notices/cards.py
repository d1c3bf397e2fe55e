"""What buyers are told about cards that did not pay, cards that expire, and money that came back from a card."""

from uuid import UUID

from marketplace import events
from marketplace.billing.card_wording import pause_words, why_not_charged
from marketplace.billing.models import CardRefund, Recharge, SavedCard
from marketplace.kit.db import session
from marketplace.notices.actions import write
from marketplace.notices.letters import last_event
from marketplace.people import Power, queries


def recharge_declined(recharge_id: UUID) -> None:
    """To those who look after the wallet: the card did not pay, and is tried again. Only the first time in a row."""
    event = events.history(recharge_id, "recharge.declined")[-1]
    if event.data["declines"] == 1:
        _tell_of(recharge_id, event.id, "recharge_declined", why=why_not_charged(event.data["why"]))


def recharge_paused(recharge_id: UUID) -> None:
    """To the same: the wallet does not fill itself any more. Whoever did that with their own hands knows it."""
    event = events.history(recharge_id, "recharge.paused")[-1]
    if event.actor_id is None:
        why, act = pause_words(event.data["why"])
        _tell_of(recharge_id, event.id, "recharge_paused", why=why, act=act)


def card_expiring(card_id: UUID) -> None:
    """To the same: the card that the wallet fills itself from is valid for a few weeks only."""
    card, event_id = session().get_one(SavedCard, card_id), last_event(card_id, "card.expiring")
    for to in queries.addressees(card.org_id, Power.WALLET_WRITE):
        write("card_expiring", to, event_id, card=card)


def refund_returned(card_refund_id: UUID) -> None:
    """To the same: what was sent back to a card did not arrive, and is in the wallet again."""
    refund = session().get_one(CardRefund, card_refund_id)
    event_id = last_event(card_refund_id, "card_refund.returned")
    for to in queries.addressees(refund.org_id, Power.WALLET_WRITE):
        write("refund_returned", to, event_id, refund=refund)


def _tell_of(recharge_id: UUID, event_id: UUID, kind: str, **said: object) -> None:
    recharge = session().get_one(Recharge, recharge_id)
    card = session().get_one(SavedCard, recharge.card_id)
    for to in queries.addressees(recharge.org_id, Power.WALLET_WRITE):
        write(kind, to, event_id, recharge=recharge, card=card, **said)

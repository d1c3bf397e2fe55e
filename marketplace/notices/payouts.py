"""What agencies are told about their payouts and the account that they go to; and staff, about what waits for them."""

from uuid import UUID

from sqlalchemy import select

from marketplace.billing.models import Payout, PayoutAccount
from marketplace.billing.payout_wording import hold_of, needs_of, why_words
from marketplace.kit.db import session
from marketplace.notices.actions import write
from marketplace.notices.letters import last_event
from marketplace.people import Power, queries


def payout_sent(payout_id: UUID) -> None:
    """To those who may ask for payouts: it has left."""
    _tell(payout_id, "payout_sent", "payout.sent")


def payout_failed(payout_id: UUID) -> None:
    """To the same: it was not made, or the bank has sent it back."""
    _tell(payout_id, "payout_failed", "payout.failed", "payout.canceled")


def payout_account_needs(account_id: UUID) -> None:
    """To the same: Stripe wants something, or another bank was given; staff are told of the latter, too."""
    account = session().scalars(select(PayoutAccount).where(PayoutAccount.id == account_id)).one()
    event_id = last_event(account_id, "payout_account.wanting", "payout_account.bank_changed")
    said = {"needs": [need.message for need in needs_of(account)], "hold": hold_of(account)}
    for to in queries.addressees(account.org_id, Power.BALANCE_WRITE):
        write("payout_account_needs", to, event_id, **said)


def payout_account_held(account_id: UUID) -> None:
    """To staff: another bank was given, payouts wait for somebody to look."""
    account = session().scalars(select(PayoutAccount).where(PayoutAccount.id == account_id)).one()
    event_id, org = last_event(account_id, "payout_account.bank_changed"), queries.card(account.org_id)
    for to in queries.staff_addressees():
        write("payout_attention", to, event_id, org=org, amount=None)


def payout_waits(payout_id: UUID) -> None:
    """To staff: our balance at Stripe does not cover a payout, or whether one was sent is not known."""
    payout = session().scalars(select(Payout).where(Payout.id == payout_id)).one()
    event_id, org = last_event(payout_id, "payout.waits", "payout.doubted"), queries.card(payout.org_id)
    for to in queries.staff_addressees():
        write("payout_attention", to, event_id, org=org, amount=payout.amount)


def _tell(payout_id: UUID, kind: str, *names: str) -> None:
    payout = session().scalars(select(Payout).where(Payout.id == payout_id)).one()
    event_id = last_event(payout_id, *names)
    for to in queries.addressees(payout.org_id, Power.BALANCE_WRITE):
        write(kind, to, event_id, payout=payout, why=why_words(payout))

"""What is told about a bank that takes a payment back and decides, and about news that nobody could handle."""

from uuid import UUID

from marketplace import ledger
from marketplace.billing.models import Chargeback, ChargebackState, StripeEvent
from marketplace.kit.db import session
from marketplace.kit.money import Money
from marketplace.ledger import Account
from marketplace.notices.actions import write
from marketplace.notices.letters import last_event
from marketplace.people import Power, queries


def chargeback_opened(chargeback_id: UUID) -> None:
    """To staff, who have to answer the bank, also where it only asks so far."""
    _ask_staff(chargeback_id, last_event(chargeback_id, "chargeback.opened"))


def chargeback_escalated(chargeback_id: UUID) -> None:
    """To staff once more: a bank that only asked takes the payment back, and wants another answer."""
    _ask_staff(chargeback_id, last_event(chargeback_id, "chargeback.escalated"))


def _ask_staff(chargeback_id: UUID, event_id: UUID) -> None:
    chargeback = session().get_one(Chargeback, chargeback_id)
    for to in queries.staff_addressees():
        write("chargeback_to_answer", to, event_id, chargeback=chargeback, buyer=queries.card(chargeback.org_id))


def chargeback_taken(chargeback_id: UUID) -> None:
    """To the buyer whose payment it is: the bank has taken it, and as much is frozen."""
    event_id, chargeback = last_event(chargeback_id, "chargeback.taken"), session().get_one(Chargeback, chargeback_id)
    for to in queries.addressees(chargeback.org_id, Power.WALLET_WRITE):
        write("chargeback_taken", to, event_id, chargeback=chargeback)


def chargeback_closed(chargeback_id: UUID) -> None:
    """To the buyer: how the bank has decided, and what the buyer owes by now. Not where the bank took nothing."""
    event_id = last_event(chargeback_id, "chargeback.won", "chargeback.lost")
    chargeback = session().get_one(Chargeback, chargeback_id)
    if not chargeback.is_booked:
        return
    owed = ledger.balance(Account.BUYER_RECEIVABLE, chargeback.org_id, chargeback.currency)
    said = {"is_lost": chargeback.state == ChargebackState.LOST, "owed": Money(owed, chargeback.currency)}
    for to in queries.addressees(chargeback.org_id, Power.WALLET_WRITE):
        write("chargeback_closed", to, event_id, chargeback=chargeback, **said)


def dead_letter(stripe_event_id: UUID) -> None:
    """To every member of staff: money may stand somewhere without our knowing."""
    event_id = last_event(stripe_event_id, "stripe_event.died")
    for to in queries.staff_addressees():
        write("dead_letter", to, event_id, news=session().get_one(StripeEvent, stripe_event_id))

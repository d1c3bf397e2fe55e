"""For each kind of call to Stripe: something that wants it. A call without one here fails the suite.

A maker leaves a committed, unmade call behind and returns the id of the row that it is about.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from marketplace import billing
from marketplace.billing import calls, cards, oversight, treasury
from marketplace.billing.actions import chargebacks, payout_accounts, takings, top_ups
from marketplace.billing.models import CardSetup
from marketplace.billing.queries import call_of, customer_of
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.orders.chargebacks import settle_chargeback
from tests.factories.cards import ASKS_ALWAYS, fill_from, save_card
from tests.factories.paying import give_back, pay_in
from tests.factories.payouts import asked, make_payable_at_stripe, make_profit
from tests.factories.people import make_person
from tests.factories.running import Payments


def a_top_up(_payments: Payments) -> UUID:
    buyer = make_person("buyer").who
    with transaction():
        return billing.ask_top_up(buyer, Money(50_00, "USD")).id


def a_chargeback(payments: Payments) -> UUID:
    """A payment that its payer takes back, and our answer that waits to be sent."""
    buyer, staff = make_person("buyer").who, make_person("staff").who
    opened = billing.open_checkout(buyer, lambda: billing.ask_top_up(buyer, Money(50_00, "USD")).id)
    assert opened.checkout_url
    assert payments.pay(opened.checkout_url, "4000 0000 0000 0259") == 303
    billing.look_up_checkout(buyer, opened.id)
    with transaction():
        clock.advance(timedelta(seconds=10))
    dispute = payments.newest("dispute")
    with transaction():
        settle_chargeback(calls.gateway().chargebacks.get(dispute))
        [line] = oversight.chargebacks_for(staff, Ask(limit=1)).items
        return chargebacks.answer(staff, line.id, "The payer bought leads and read them.").id


def an_account(_payments: Payments) -> UUID:
    agency = make_person("agency").who
    with transaction():
        return payout_accounts.ask_account(agency).id


def a_payout(payments: Payments) -> UUID:
    return asked(make_payable_at_stripe(payments).who)


def a_payout_to_take_back(payments: Payments) -> UUID:
    payout_id = a_payout(payments)
    calls.perform(call_of("send_payout", payout_id))
    staff = make_person("staff").who
    with transaction():
        return takings.take_back(staff, payout_id, "The bank is gone.").id


def a_card_refund(payments: Payments) -> UUID:
    buyer = make_person("buyer").who
    pay_in(payments, buyer, 50_00)
    return give_back(buyer, 20_00)[0]


def a_sweep(payments: Payments) -> UUID:
    make_profit(payments, 50_00)
    staff = make_person("staff").who
    with transaction():
        return treasury.ask_sweep(staff, Money(10_00, "USD"), "The fees of last month.").id


def a_customer(_payments: Payments) -> UUID:
    """A buyer whom Stripe does not know yet, and who wants to save a card."""
    buyer = make_person("buyer").who
    with transaction():
        cards.ask_card(buyer)
        customer = customer_of(buyer.org_id)
    assert customer
    return customer.id


def a_card_page(payments: Payments) -> UUID:
    customer_id = a_customer(payments)
    calls.perform(call_of("open_customer", customer_id))
    with transaction():
        return session().scalars(select(CardSetup.id).order_by(CardSetup.id.desc()).limit(1)).one()


def a_charge(payments: Payments) -> UUID:
    buyer = make_person("buyer").who
    recharge_id = fill_from(buyer, save_card(payments, buyer))
    with transaction():
        claimed = cards.charge_if_low(recharge_id)
    assert claimed
    return claimed.id


def a_page_to_close(payments: Payments) -> UUID:
    """An open page in whose place another one comes."""
    top_up_id = a_top_up(payments)
    calls.perform(call_of("open_checkout", top_up_id))
    with transaction():
        assert top_ups.ask_close(top_up_id)
    return top_up_id


def a_payment_to_call_off(payments: Payments) -> UUID:
    """A saved card was charged, and its bank wants to see its owner."""
    buyer = make_person("buyer").who
    recharge_id = fill_from(buyer, save_card(payments, buyer, ASKS_ALWAYS))
    with transaction():
        claimed = cards.charge_if_low(recharge_id)
    assert claimed
    calls.perform_by_itself(call_of("charge_card", claimed.id))
    return claimed.id


def a_card_to_forget(payments: Payments) -> UUID:
    buyer = make_person("buyer").who
    card_id = save_card(payments, buyer)
    with transaction():
        return cards.remove_card(buyer, card_id).id


SUBJECTS: dict[str, Callable[[Payments], UUID]] = {
    "answer_chargeback": a_chargeback,
    "open_customer": a_customer,
    "open_card_page": a_card_page,
    "charge_card": a_charge,
    "forget_card": a_card_to_forget,
    "close_checkout": a_page_to_close,
    "cancel_payment": a_payment_to_call_off,
    "open_checkout": a_top_up,
    "open_account": an_account,
    "send_payout": a_payout,
    "take_payout_back": a_payout_to_take_back,
    "refund_payment": a_card_refund,
    "send_sweep": a_sweep,
}

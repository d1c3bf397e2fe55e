"""News of one payment, and of one refund, in every order and twice: the end is the same."""

from itertools import permutations

import pytest
from sqlalchemy import text

from marketplace import billing
from marketplace.billing import calls, inbox
from marketplace.billing.gateway import News, RefundAsk
from marketplace.billing.queries import call_of
from marketplace.insights import run_checks
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from tests.factories.paying import (
    DECLINED,
    REFUND_BOUNCES,
    VISA,
    dollars,
    give_back,
    news_at_stripe,
    pay_in,
    top_up_of,
)
from tests.factories.people import make_person

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

#: how many top-ups of 20.00 a buyer may make in a day
_A_DAY = 90


class Life:
    """One payment or refund: its stages happen one after the other, as soon as news of them is wanted."""

    def __init__(self, payments, stages):
        self.payments, self.stages = payments, list(stages)
        self.since, self.told = next((event_id for event_id, _, _ in news_at_stripe(payments)), None), {}

    def reach(self, kind):
        """The object of the news of this type, once it has happened."""
        while kind not in self.told:
            self.stages.pop(0)()
            self.told = {each: object_id for _, each, object_id in news_at_stripe(self.payments, self.since)}
        return self.told[kind]

    def hear(self, kind, *, again):
        """The news arrives twice under one id, and `again` under another."""
        object_id = self.reach(kind)
        name = str(new_id())
        for event_id in (name, name, *([f"{name}-again"] if again else [])):
            with transaction():
                inbox.keep_event(News(event_id, kind, object_id))
        with transaction():
            rows = session().scalars(text("SELECT id FROM stripe_events WHERE handled_at IS NULL")).all()
        for row in rows:
            inbox.handle(row)


def buyers():
    """A buyer who has not used up the day yet."""
    while True:
        who = make_person("buyer").who
        yield from [who] * _A_DAY


def books(*references):
    session().rollback()
    told = text(
        "SELECT e.kind, a.kind, sum(p.amount), count(*) FROM ledger_entries e"
        " JOIN ledger_postings p ON p.entry_id = e.id JOIN ledger_accounts a ON a.id = p.account_id"
        " WHERE e.reference_id = ANY(:ids) GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return [tuple(row) for row in session().execute(told, {"ids": list(references)})]


def broken():
    session().rollback()
    return {finding.code: finding.rows for finding in run_checks() if not finding.holds}


def test_a_payment_ends_the_same_in_every_order(app, gateway, clock):
    names = (
        "payment_intent.payment_failed", "payment_intent.succeeded", "checkout.session.completed", "charge.updated",
    )  # fmt: skip
    ends = set()
    for number, (who, order) in enumerate(zip(buyers(), permutations([*names, "back"]), strict=False)):
        top_up = billing.open_checkout(who, lambda who=who: billing.ask_top_up(who, dollars(20_00)).id)
        url = top_up.checkout_url
        stages = (
            lambda url=url: gateway.pay(url, DECLINED),
            lambda url=url: gateway.pay(url, VISA),
            lambda url=url: clock.advance(seconds=3) and gateway.pay(url),
        )
        life = Life(gateway, stages)
        for kind in order:
            if kind == "back":
                billing.look_up_checkout(who, top_up.id)
            else:
                life.hear(kind, again=number % 2 == 0)
        ends.add((top_up_of(top_up.id).state, top_up_of(top_up.id).failure, *books(top_up.id)))
    assert ends == {
        (
            "succeeded",
            None,
            ("charge_settle", "processing_fee", 88, 1),
            ("charge_settle", "stripe_balance", 19_12, 1),
            ("charge_settle", "stripe_clearing", -20_00, 1),
            ("topup", "stripe_clearing", 20_00, 1),
            ("topup", "wallet_cash", -20_00, 1),
        )
    }
    assert broken() == {}


@pytest.mark.parametrize("card", [REFUND_BOUNCES, VISA], ids=["bounces", "arrives"])
def test_a_refund_ends_the_same_in_every_order(app, gateway, clock, card):
    """Our own answer, which may be lost for a while, is one of the things that come in any order."""
    came_back = card == REFUND_BOUNCES
    names = ["refund.created", "charge.refunded", *(["refund.failed", "refund.updated"] if came_back else [])]
    ends = set()
    for number, (who, order) in enumerate(zip(buyers(), permutations([*names, "answer"]), strict=False)):
        paid = pay_in(gateway, who, 20_00, card)
        clock.advance(seconds=3)
        calls.reconcile()
        (part,) = give_back(who, 15_00)
        call_id, payment = call_of("refund_payment", part), top_up_of(paid).payment_intent_id
        ask = RefundAsk(part, payment, dollars(15_00))
        key = f"refund:{part}:send"
        life = Life(
            gateway,
            (
                lambda ask=ask, key=key: calls.gateway().refunds.create(ask, key),
                lambda payment=payment: clock.advance(seconds=6) and calls.gateway().payments.get(payment),
            ),
        )
        for kind in order:
            if kind == "answer":
                calls.perform(call_id)
            else:
                life.hear(kind, again=number % 2 == 0)
        state = session().scalar(text("SELECT state FROM card_refunds WHERE id = :id"), {"id": part})
        ends.add((state, top_up_of(paid).state, *books(part)))
    back = [
        ("refund_card_bounce", "stripe_clearing", 15_00, 1),
        ("refund_card_bounce", "wallet_cash", -15_00, 1),
    ]
    moved = [
        ("refund_settle", "stripe_balance", -15_00, 1),
        ("refund_settle", "stripe_clearing", 15_00, 1),
    ]
    assert ends == {
        (
            *(("bounced", "succeeded") if came_back else ("succeeded", "partly_refunded")),
            *(back if came_back else []),
            ("refund_card_ok", "refund_inflight", 15_00, 1),
            ("refund_card_ok", "stripe_clearing", -15_00, 1),
            ("refund_card_reserve", "refund_inflight", -15_00, 1),
            ("refund_card_reserve", "wallet_cash", 15_00, 1),
            *([(kind, account, 0, 2) for kind, account, _amount, _n in moved] if came_back else moved),
        )
    }
    assert broken() == {}

"""Agencies are paid: asked for by them or by the clock; accounts are stopped, banks change and send money back.

And our own money goes to our bank.
"""

from collections.abc import Callable
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import text

from marketplace.billing import treasury
from marketplace.billing.actions import takings
from marketplace.billing.actions.payout_accounts import let_account_go
from marketplace.billing.treasury_queries import sweepable
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.money import Money
from marketplace.stripe_emulator import Control
from tests.factories.payouts import ANOTHER, GOOD, NO_ACCOUNT, RETURNED_LATE
from tests.prove.cast import Actor
from tests.prove.scene import Scene
from tests.prove.table import Draw, act, falls_due
from tests.prove.things import UnderWay

LEAST = 25_00
_ASKED = text("SELECT id::text, org_id::text, amount_cents FROM payouts ORDER BY id")
BANKS = (GOOD, ANOTHER, NO_ACCOUNT, RETURNED_LATE)


def rich(scene: Scene) -> list[Actor]:
    return [each for each in scene.stage.agencies if scene.books.at("supplier_payable", each.org_id)]


def reserve(scene: Scene, payout_id: str, agency: Actor, cents: int) -> None:
    """No payout is smaller than it may be, none is more than is payable, and none is made beside another."""
    assert LEAST <= cents <= scene.books.at("supplier_payable", agency.org_id)
    assert not [each for each in scene.under_way.values() if each.owner is agency and not each.is_sent]
    scene.under_way[payout_id] = UnderWay("payout", agency, cents)
    scene.books.take("supplier_payable", cents, agency.org_id)
    scene.books.add("payout_inflight", cents, payout_id)


@act(possible=rich, weight=3)
def want_a_payout(scene: Scene, draw: Draw) -> None:
    agency = draw(st.sampled_from(rich(scene)))
    payable = scene.books.at("supplier_payable", agency.org_id)
    cents = draw(st.sampled_from([None, 25_00, 24_99, 31_31, payable + 1]))
    body = {"currency": "USD"} if cents is None else {"amount": {"amount": cents, "currency": "USD"}}
    asked = scene.stage.api(agency).post("/payouts", body, idem=f"payout-{scene.moved}-{len(scene.under_way)}-{cents}")
    if asked.status == 201:
        assert asked["amount"]["amount"] == (payable if cents is None else cents)
        reserve(scene, asked["id"], agency, asked["amount"]["amount"])
    else:
        assert asked.status in (402, 403, 409, 422), asked.body
    meanwhile = draw(st.sampled_from(["nothing", "nothing", "pause", ANOTHER]))
    if meanwhile != "nothing":
        change(scene, agency, meanwhile)
    with scene.trouble(draw):
        scene.stage.work()
    scene.hear()


@falls_due("billing.pay_out_due")
def payouts_are_due(scene: Scene) -> None:
    """Whoever is paid by the clock gets all that is payable."""
    session().rollback()
    agencies = {each.org_id: each for each in scene.stage.agencies}
    for payout_id, org_id, cents in session().execute(_ASKED).all():
        if payout_id not in scene.under_way and payout_id not in scene.ended:
            assert cents == scene.books.at("supplier_payable", org_id)
            reserve(scene, payout_id, agencies[org_id], cents)
    session().rollback()


@act()
def something_with_an_account(scene: Scene, draw: Draw) -> None:
    """Stripe stops it or lets it go on; another bank is given; staff have checked that bank."""
    agency = draw(st.sampled_from(scene.stage.agencies))
    change(scene, agency, draw(st.sampled_from(["pause", "resume", "resume", *BANKS])))
    scene.hear()
    if draw(st.booleans()):
        change(scene, agency, "resume")
        with transaction():
            let_account_go(scene.stage.staff[0].person.who, agency.person.org_id, "We have called them.")
        scene.hear()


def change(scene: Scene, agency: Actor, what: str) -> None:
    """At Stripe; nobody has heard of it yet."""
    account, control = scene.stage.accounts[agency.name], Control(scene.stage.payments.app)
    if what in ("pause", "resume"):
        getattr(control, what)(account)
    else:
        control.change_bank(account, what)


def takeable(scene: Scene) -> list[str]:
    return [id_ for id_, one in scene.under_way.items() if one.kind == "payout" and one.is_sent]


@act(possible=takeable, weight=2)
def take_a_payout_back(scene: Scene, draw: Draw) -> None:
    payout_id = draw(st.sampled_from(takeable(scene)[-5:]))
    who = scene.stage.staff[0].person.who
    why = refusal(lambda: takings.take_back(who, UUID(payout_id), "The bank sent it back."))
    assert why in (None, "not_reversible")
    with scene.trouble(draw):
        scene.stage.work()
    scene.hear()


def refusal(do: Callable[[], object]) -> str | None:
    """One act of staff that has no place in the API; the code with which it is refused, if it is."""
    try:
        with transaction():
            do()
    except Refusal as why:
        return why.code
    return None


def seems_ours(scene: Scene) -> bool:
    return scene.books.at("stripe_balance") > owed(scene) * 11 // 10


def owed(scene: Scene) -> int:
    return sum(cents for (account, _owner), cents in scene.books.balances.items() if account in OWED)


@act(possible=seems_ours, weight=4)
def sweep(scene: Scene, draw: Draw) -> None:
    """Never what belongs to others, nor a tenth of that as a margin."""
    session().rollback()
    ours = sweepable("USD")
    session().rollback()
    assert ours <= max(0, scene.books.at("stripe_balance") - owed(scene) - -(-owed(scene) // 10))
    cents = draw(st.sampled_from([1, max(1, ours // 2), max(1, ours), ours + 1]))
    Control(scene.stage.payments.app).change_bank("", draw(st.sampled_from([GOOD, NO_ACCOUNT, RETURNED_LATE])))
    who = scene.stage.staff[0].person.who
    why = refusal(lambda: treasury.ask_sweep(who, Money(cents, "USD"), "The fees of last month."))
    assert why in (("sweep_too_large", "sweep_under_way") if cents > ours else (None, "sweep_under_way"))
    with scene.trouble(draw):
        scene.stage.work()
    scene.hear()


#: what belongs to others
OWED = frozenset({
    "wallet_cash", "wallet_promo", "wallet_frozen", "held", "order_deposit", "refund_inflight", "supplier_payable",
    "supplier_reserve", "payout_inflight", "tax_payable",
})  # fmt: skip

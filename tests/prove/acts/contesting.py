"""A payer takes a payment back: our balance loses it, the wallet and what is held answer for it, the bank decides."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import text

from marketplace.kit.db import session
from marketplace.stripe_emulator import Control
from tests.prove.scene import APPEAL_TIME, DAY, Scene
from tests.prove.table import Draw, act
from tests.prove.things import Order, TopUp

FEE = 15_00
OPEN = ("needs_response", "under_review")
_ANSWER_DAYS = 9 * DAY


def contestable(scene: Scene) -> list[TopUp]:
    return [each for each in scene.top_ups if each.is_settled and not each.charge_is_disputed]


@act(possible=contestable, weight=2)
def take_a_payment_back(scene: Scene, draw: Draw) -> None:
    top_up = draw(st.sampled_from(contestable(scene)[-4:]))
    [charge] = [
        each for each in scene.stage.at_stripe("charge") if each["metadata"].get("top_up") == top_up.id and each["paid"]
    ]
    if charge["amount_refunded"] < charge["amount"]:
        Control(scene.stage.payments.app).open_dispute(charge["id"])
        top_up.charge_is_disputed = True
    scene.hear()


def open_disputes(scene: Scene) -> list[dict[str, Any]]:
    return [each for each in scene.stage.at_stripe("dispute") if each["status"] in OPEN]


def is_contested(scene: Scene) -> bool:
    return bool(scene.contested)


@act(possible=is_contested, weight=2)
def the_bank_decides(scene: Scene, draw: Draw) -> None:
    found = draw(st.sampled_from(open_disputes(scene)))
    control = Control(scene.stage.payments.app)
    draw(st.sampled_from([control.win_dispute, control.lose_dispute, control.lose_dispute]))(found["id"])
    scene.hear(twice=draw(st.booleans()))


@act(possible=lambda scene: [each for each in scene.orders if each.frozen and each.case])
def decide_what_is_frozen(scene: Scene, draw: Draw) -> None:
    """While the bank has not decided nothing of the order moves."""
    order = draw(st.sampled_from([each for each in scene.orders if each.frozen and each.case]))
    verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "Both sides were heard."}
    answer = scene.stage.api(scene.stage.staff[0]).post(f"/disputes/{order.case.id}/decisions", verdict)
    assert answer.status == 409, answer.body


def follow(scene: Scene, found: dict[str, Any]) -> None:
    """Bring the books to where a dispute stands at Stripe."""
    id_, cents = _ours(found["id"]), found["amount"]
    [top_up] = [each for each in scene.top_ups if each.id == _top_up_of(scene, found)]
    if scene.is_new(found, "opened"):
        _open(scene, id_, top_up, cents)
    if found["status"] not in OPEN and scene.is_new(found, "decided"):
        (_win if found["status"] == "won" else _lose)(scene, id_, top_up, cents)
        top_up.is_won = found["status"] == "won"


def _ours(stripe_id: str) -> str:
    session().rollback()
    return str(session().scalar(text("SELECT id FROM chargebacks WHERE stripe_id = :id"), {"id": stripe_id}))


def _top_up_of(scene: Scene, found: dict[str, Any]) -> str:
    [payment] = [each for each in scene.stage.at_stripe("payment_intent") if each["id"] == found["payment_intent"]]
    return str(payment["metadata"]["top_up"])


def _open(scene: Scene, id_: str, top_up: TopUp, cents: int) -> None:
    """The money and a fee are gone; as much of the wallet is frozen, then the newest orders."""
    org_id = top_up.buyer.org_id
    frozen = min(cents, scene.books.at("wallet_cash", org_id))
    scene.contested[id_] = top_up.buyer, cents
    scene.books.add("chargeback_contested", cents, id_)
    scene.books.take("wallet_cash", frozen, org_id)
    scene.books.add("wallet_frozen", frozen, id_)
    scene.books.add("dispute_fee", FEE)
    scene.books.take("stripe_balance", cents + FEE)
    uncovered = cents - frozen
    for order in newest_first(scene, top_up):
        if uncovered > 0 and order.held_cash and not order.frozen:
            order.frozen, order.frozen_since = id_, scene.moved
            uncovered -= order.held_cash


def _win(scene: Scene, id_: str, top_up: TopUp, cents: int) -> None:
    frozen = scene.books.at("wallet_frozen", id_)
    del scene.contested[id_]
    scene.books.add("stripe_balance", cents)
    scene.books.take("chargeback_contested", cents, id_)
    scene.books.take("wallet_frozen", frozen, id_)
    scene.back_to(top_up.buyer, frozen)
    _thaw(scene, id_)


def _lose(scene: Scene, id_: str, top_up: TopUp, cents: int) -> None:
    """The frozen part pays, then the wallet, then what is held of the buyer's own money, then the buyer owes it."""
    del scene.contested[id_]
    scene.books.take("chargeback_contested", cents, id_)
    needed = cents
    for account, owner in (("wallet_frozen", id_), ("wallet_cash", top_up.buyer.org_id)):
        part = min(needed, scene.books.at(account, owner))
        scene.books.take(account, part, owner)
        needed -= part
    for order in newest_first(scene, top_up):
        if order.frozen == id_:
            part = min(needed, order.held_cash)
            order.charged_back += part
            needed -= part
            scene.books.take("held", part, order.id)
    scene.books.add("buyer_receivable", needed, top_up.buyer.org_id)
    _thaw(scene, id_)


def _thaw(scene: Scene, id_: str) -> None:
    for order in scene.orders:
        if order.frozen == id_:
            order.frozen = None
            if order.held:
                _give_time_back(order, scene.moved - order.frozen_since)
            else:
                order.state = "charged_back"


def _give_time_back(order: Order, stood: timedelta) -> None:
    """Its clocks stood still: when it is released, and until when its decision can be appealed."""
    if order.releasable > order.frozen_since:
        order.not_before = order.releasable + stood
    if order.case and order.frozen_since - order.case.decided < APPEAL_TIME:
        order.case.decided += stood


def newest_first(scene: Scene, top_up: TopUp) -> list[Order]:
    mine = [order for order in scene.orders if order.buyer is top_up.buyer]
    return sorted(mine, key=lambda order: order.id, reverse=True)

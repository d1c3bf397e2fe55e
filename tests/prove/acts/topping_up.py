"""Money comes in: a checkout page is asked for, a card pays, the news arrives, Stripe accounts for it."""

from datetime import timedelta

from hypothesis import strategies as st
from sqlalchemy import text

from marketplace.kit.db import session
from marketplace.stripe_emulator import EventFault
from tests.prove.books import half_up
from tests.prove.cast import Actor, Died
from tests.prove.scene import CHECKOUT_TIME, DAY, Scene
from tests.prove.table import NEWS, Draw, act, falls_due
from tests.prove.things import TopUp

MOST_A_DAY = 2_000_00
GOOD, DECLINED = "4242 4242 4242 4242", "4000 0000 0000 0002"
#: of the second a refund arrives later, of the third it comes back
CARDS = (GOOD, GOOD, "4000 0000 0000 7726", "4000 0000 0000 5126")
_SETTLES_AFTER = timedelta(minutes=10)
_ON_THE_WAY = [EventFault.DUPLICATE, EventFault.REORDER, EventFault.DROP]


def loaded_lately(scene: Scene, buyer: Actor) -> int:
    """Paid during a day, or asked for on a page that is open."""
    mine = [top_up for top_up in scene.top_ups if top_up.buyer is buyer]
    paid = [top_up for top_up in mine if top_up.is_credited and scene.moved - top_up.asked < DAY]
    waits = [top_up for top_up in mine if not top_up.is_credited and scene.moved - top_up.asked < CHECKOUT_TIME]
    return sum(top_up.cents for top_up in (*paid, *waits))


def open_pages(scene: Scene) -> list[TopUp]:
    return [each for each in scene.top_ups if each.url and not each.is_paid and is_young(scene, each)]


def is_young(scene: Scene, top_up: TopUp) -> bool:
    return scene.moved - top_up.asked < CHECKOUT_TIME


def credit(scene: Scene, top_up: TopUp) -> None:
    """The buyer has it, whichever news came first."""
    if top_up.is_paid and not top_up.is_credited:
        top_up.is_credited, top_up.credited_at = True, scene.moved
        scene.books.add("stripe_clearing", top_up.cents)
        scene.books.repay_first("buyer_receivable", "wallet_cash", top_up.cents, top_up.buyer.org_id)


@act()
def fill_a_wallet(scene: Scene, draw: Draw) -> None:
    """The ordinary way, without trouble."""
    buyer, cents = draw(st.sampled_from(scene.stage.buyers)), draw(st.sampled_from([650_01, 1_300_00]))
    if loaded_lately(scene, buyer) + cents <= MOST_A_DAY:
        fill(scene, buyer, cents, draw(st.sampled_from(CARDS)))


def fill(scene: Scene, buyer: Actor, cents: int, card: str) -> None:
    asked = scene.stage.api(buyer).post("/wallet/top-ups", {"amount": {"amount": cents, "currency": "USD"}})
    assert asked.status == 201, asked.body
    top_up = TopUp(asked["id"], buyer, cents, scene.moved, asked["checkout_url"], paid=scene.moved)
    scene.top_ups.append(top_up)
    assert scene.stage.pay(top_up.url, card) == 303
    scene.hear()


@act()
def ask_to_top_up(scene: Scene, draw: Draw) -> None:
    buyer, cents = draw(st.sampled_from(scene.stage.buyers)), draw(st.sampled_from([20_00, 55_55, 123_45, 999_99]))
    body, key = {"amount": {"amount": cents, "currency": "USD"}}, f"top-up-{len(scene.top_ups)}-{scene.moved}"
    if loaded_lately(scene, buyer) + cents > MOST_A_DAY:
        refused = scene.stage.api(buyer).post("/wallet/top-ups", body, idem=key)
        assert (refused.status, refused.code) == (422, "daily_cap")
        return
    answer = None
    with scene.trouble(draw) as trouble:
        try:
            answer = scene.stage.api(buyer).post("/wallet/top-ups", body, idem=key)
        except Died:
            assert trouble.startswith("dies")
    if draw(st.booleans()):  # the client does not give up, or clicks twice
        answer = scene.stage.api(buyer).post("/wallet/top-ups", body, idem=key)
    top_up = TopUp(_newest(), buyer, cents, scene.moved)
    scene.top_ups.append(top_up)
    if answer is not None:
        assert answer.status == 201 or (trouble != "none" and answer.status == 503), answer.body
        top_up.url = answer.body.get("checkout_url")
        assert answer.body.get("id", top_up.id) == top_up.id


@act(possible=open_pages, weight=2)
def pay(scene: Scene, draw: Draw) -> None:
    top_up, card = draw(st.sampled_from(open_pages(scene))), draw(st.sampled_from([GOOD, GOOD, DECLINED]))
    status = scene.stage.pay(top_up.url, card)
    assert status == (303 if card is GOOD else 402)
    top_up.paid = scene.moved if card is GOOD else None


@act(possible=lambda scene: scene.top_ups)
def come_back_from_paying(scene: Scene, draw: Draw) -> None:
    """The page that a payer comes back to asks Stripe itself."""
    top_up = draw(st.sampled_from(scene.top_ups))
    assert scene.stage.look(top_up.buyer, f"/wallet/top-ups/{top_up.id}").status == 200
    if top_up.url:
        credit(scene, top_up)


@act()
def news_of_stripe(scene: Scene, draw: Draw) -> None:
    """Webhooks arrive, perhaps twice and out of order, and each job is perhaps done twice."""
    for fault in draw(st.lists(st.sampled_from(_ON_THE_WAY), max_size=3)):
        scene.stage.stripe.faults.force(fault)
    scene.hear(twice=draw(st.booleans()))
    scene.stage.stripe.faults._forced.clear()


@act(possible=lambda scene: scene.stage.events())
def old_news_again(scene: Scene, draw: Draw) -> None:
    """Somebody sends old events by hand: nothing happens that has not happened."""
    known = scene.stage.events()
    for number in draw(st.lists(st.integers(0, len(known) - 1), min_size=1, max_size=3)):
        scene.stage.payments.sender.resend(known[number])
    news_of_stripe(scene, draw)


@falls_due(NEWS)
def money_from_stripe(scene: Scene) -> None:
    for top_up in scene.top_ups:
        credit(scene, top_up)
        if top_up.paid is not None and not top_up.is_settled and scene.moved - top_up.paid >= _SETTLES_AFTER:
            fee = half_up(top_up.cents, 290) + 30
            top_up.is_settled = True
            scene.books.take("stripe_clearing", top_up.cents)
            scene.books.add("stripe_balance", top_up.cents - fee)
            scene.books.add("processing_fee", fee)


@falls_due("billing.reconcile")
def pages_are_opened(scene: Scene) -> None:
    for top_up in scene.top_ups:
        if top_up.url is None and is_young(scene, top_up):
            top_up.url = scene.stage.api(top_up.buyer).get(f"/wallet/top-ups/{top_up.id}")["checkout_url"]


def _newest() -> str:
    session().rollback()
    found = session().scalar(text("SELECT id::text FROM top_ups ORDER BY created_at DESC, id DESC LIMIT 1"))
    assert found
    return found

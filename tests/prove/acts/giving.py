"""Promo money: given by staff, spent before the buyer's own, gone when its time is over."""

from hypothesis import strategies as st

from tests.prove.acts.correcting import agree, given_alone, propose
from tests.prove.scene import DAY, Scene
from tests.prove.table import Draw, act, falls_due
from tests.prove.things import Gift

LASTS = 90 * DAY


@act()
def give_promo(scene: Scene, draw: Draw) -> None:
    buyer, cents = draw(st.sampled_from(scene.stage.buyers)), draw(st.sampled_from([1, 7_77, 50_00, 150_01]))
    asked = propose(scene, "promo_grant", buyer.org_id, cents)
    if not given_alone(scene, asked, buyer.org_id, cents):
        assert agree(scene, asked, draw).status == 200
    gift = Gift(asked["id"], buyer, scene.moved + LASTS)
    scene.gifts.append(gift)
    scene.books.add("promo_expense", cents)
    scene.books.add("wallet_promo", cents, gift.id)


@falls_due("billing.expire_promos")
def gifts_end(scene: Scene) -> None:
    """Also what came back to a gift after its time."""
    for gift in scene.gifts:
        if scene.moved >= gift.ends:
            left = scene.books.at("wallet_promo", gift.id)
            scene.books.take("wallet_promo", left, gift.id)
            scene.books.take("promo_expense", left)

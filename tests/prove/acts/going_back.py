"""Unspent money goes back to the cards that it came from, the newest payments first."""

from hypothesis import strategies as st

from tests.prove.cast import Actor
from tests.prove.scene import DAY, Scene
from tests.prove.table import Draw, act
from tests.prove.things import TopUp, UnderWay

FOR = 180 * DAY


def refundable(scene: Scene, buyer: Actor) -> list[TopUp]:
    """Newest first."""
    mine = [each for each in scene.top_ups if each.buyer is buyer and each.is_credited and each.cents > each.gone_back]
    mine = [
        each for each in mine if scene.moved - each.credited_at < FOR and (not each.charge_is_disputed or each.is_won)
    ]
    return mine[::-1]


@act()
def want_money_back(scene: Scene, draw: Draw) -> None:
    """Asked for once more under the same key it is the same wish."""
    buyer = draw(st.sampled_from(scene.stage.buyers))
    wallet = scene.books.at("wallet_cash", buyer.org_id)
    cents = draw(st.sampled_from(sorted({1, 33_33, max(1, wallet // 2), max(1, wallet)})))
    body, key = {"amount": {"amount": cents, "currency": "USD"}}, f"back-{scene.moved}-{len(scene.under_way)}-{wallet}"
    asked = scene.stage.api(buyer).post("/wallet/refunds", body, idem=key)
    found = refundable(scene, buyer)
    if scene.books.at("buyer_receivable", buyer.org_id):
        assert (asked.status, asked.code) == (402, "debt_due")
        return
    if cents > wallet:
        assert asked.status == 402, asked.body
        return
    if cents > sum(each.cents - each.gone_back for each in found):
        assert asked.status in (409, 422), asked.body
        return
    assert asked.status == 201, asked.body
    assert sum(part["amount"]["amount"] for part in asked["items"]) == cents
    by_id = {each.id: each for each in found}
    for part in asked["items"]:
        taken, top_up = part["amount"]["amount"], by_id[part["top_up_id"]]
        top_up.gone_back += taken
        scene.refund_of[part["id"]] = top_up
        scene.under_way[part["id"]] = UnderWay("refund", buyer, taken)
        scene.books.take("wallet_cash", taken, buyer.org_id)
        scene.books.add("refund_inflight", taken, part["id"])
    with scene.trouble(draw):
        scene.stage.work()
    scene.hear()
    assert scene.stage.api(buyer).post("/wallet/refunds", body, idem=key).status == 201


def gave_back(scene: Scene, ours: str, cents: int) -> None:
    """It came back from the card."""
    scene.refund_of[ours].gone_back -= cents

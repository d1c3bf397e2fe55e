"""Leads are sent, bought one by one or several at once, and bought once however often the button is pressed."""

from hypothesis import strategies as st

from tests.factories.story import purchase
from tests.prove.cast import Actor, Lead
from tests.prove.scene import DAY, GRACE, Scene
from tests.prove.table import Draw, act, falls_due
from tests.prove.things import Gift, Order

_FEW, _TOO_OLD = 40, 120 * DAY


def bought(scene: Scene, buyer: Actor, lead: Lead, order_id: str) -> None:
    scene.leads.remove(lead)
    order, rest = Order(order_id, buyer, lead.listing.agency, lead.price, scene.moved), lead.price
    scene.orders.append(order)
    for gift in gifts_of(scene, buyer):
        part = min(rest, scene.books.at("wallet_promo", gift.id))
        scene.books.take("wallet_promo", part, gift.id)
        rest -= part
        if part:
            order.gifts[gift.id] = order.given[gift.id] = part
    scene.books.take("wallet_cash", rest, buyer.org_id)
    scene.books.add("held", lead.price, order_id)


def gifts_of(scene: Scene, buyer: Actor) -> list[Gift]:
    """What a buyer was given and can still spend, what ends soonest first."""
    mine = [gift for gift in scene.gifts if gift.buyer is buyer and gift.ends > scene.moved]
    return sorted(mine, key=lambda gift: (gift.ends, gift.id))


def means(scene: Scene, buyer: Actor) -> int:
    promo = sum(scene.books.at("wallet_promo", gift.id) for gift in gifts_of(scene, buyer))
    return scene.books.at("wallet_cash", buyer.org_id) + promo


def stopped(scene: Scene, buyer: Actor) -> bool:
    """A commission is due for more than a week: its buyer buys nothing."""
    sales = [deal.sale for deal in scene.deals if deal.sale and deal.buyer is buyer]
    return any(sale.unpaid_since is not None and scene.moved - sale.unpaid_since >= GRACE for sale in sales)


def owes(scene: Scene, buyer: Actor) -> bool:
    """What its bank took back is not repaid: it buys nothing, whatever else it has."""
    return scene.books.at("buyer_receivable", buyer.org_id) > 0


@act(possible=lambda scene: scene.leads, weight=3)
def buy(scene: Scene, draw: Draw) -> None:
    buyer, lead = draw(st.sampled_from(scene.stage.buyers)), draw(st.sampled_from(scene.leads))
    key, times = f"buy-{lead.id}-{buyer}-{scene.moved}-{means(scene, buyer)}", draw(st.integers(1, 2))
    answers = [scene.stage.api(buyer).post("/orders", purchase(lead.id, lead.price), idem=key) for _ in range(times)]
    if stopped(scene, buyer):
        assert {(each.status, each.code) for each in answers} == {(402, "commission_due")}
    elif owes(scene, buyer):
        assert {(each.status, each.code) for each in answers} == {(402, "debt_due")}
    elif means(scene, buyer) < lead.price:
        assert {(each.status, each.code) for each in answers} == {(402, "insufficient_funds")}
    else:
        assert {each.status for each in answers} == {201}, answers[0].body
        assert len({each["id"] for each in answers}) == 1
        bought(scene, buyer, lead, answers[0]["id"])


@act(possible=lambda scene: len(scene.leads) > 1)
def buy_several(scene: Scene, draw: Draw) -> None:
    """A basket, all of it or as much as the money is for."""
    buyer = draw(st.sampled_from(scene.stage.buyers))
    leads = draw(st.lists(st.sampled_from(scene.leads), min_size=2, max_size=4, unique_by=lambda lead: lead.id))
    whole = draw(st.booleans())
    if not whole:  # which of several are bought when the money ends is decided by their ids: all alike, it is the same
        leads = [lead for lead in leads if lead.listing == leads[0].listing]
    total = sum(lead.price for lead in leads)
    body = {
        "lead_ids": [lead.id for lead in leads],
        "max_total": {"amount": total, "currency": "USD"},
        "all_or_nothing": whole,
    }
    answer = scene.stage.api(buyer).post("/orders", body)
    if stopped(scene, buyer) or owes(scene, buyer):
        assert answer.status == (402 if whole else 200), answer.body
        return
    if whole and means(scene, buyer) < total:
        assert answer.status == 402, answer.body
        return
    left = means(scene, buyer)
    results = {item["lead_id"]: item for item in answer["items"]}
    for lead in sorted(leads, key=lambda lead: lead.id):  # the product buys them in this order
        is_bought = lead.price <= left
        order = results[lead.id]["order"]
        assert (order is not None) == is_bought, answer.body
        if is_bought:
            left -= lead.price
            bought(scene, buyer, lead, order["id"])


@act(possible=lambda scene: scene.orders)
def buy_what_is_gone(scene: Scene, draw: Draw) -> None:
    """Somebody's lead again, at another price, and one's own: nothing happens."""
    order, buyer = draw(st.sampled_from(scene.orders)), draw(st.sampled_from(scene.stage.buyers))
    lead_id = scene.stage.api(order.buyer).get(f"/orders/{order.id}")["lead"]["id"]
    again = scene.stage.api(buyer).post("/orders", purchase(lead_id, order.price))
    assert again.status in (409, 402)
    assert again.code in ("already_bought" if buyer is order.buyer else "lead_sold", "commission_due")


@act(possible=lambda scene: scene.leads)
def buy_at_an_old_price(scene: Scene, draw: Draw) -> None:
    buyer, lead = draw(st.sampled_from(scene.stage.buyers)), draw(st.sampled_from(scene.leads))
    answer = scene.stage.api(buyer).post("/orders", purchase(lead.id, lead.price + 1))
    assert (answer.status, answer.code) in ((409, "price_changed"), (402, "commission_due"))


@act(possible=lambda scene: len(scene.leads) < _FEW)
def send_leads(scene: Scene, draw: Draw) -> None:
    listing = draw(st.sampled_from(scene.stage.listings))
    scene.leads += scene.stage.send_leads(listing, draw(st.integers(1, 3)), scene.moved)


@act(possible=lambda scene: len(scene.by_sale) < _FEW)
def send_leads_by_the_sale(scene: Scene, draw: Draw) -> None:
    listing = draw(st.sampled_from(scene.stage.listings_by_sale))
    scene.by_sale += scene.stage.send_leads(listing, draw(st.integers(1, 3)), scene.moved)


@falls_due("leads.expire_due")
def leads_become_too_old(scene: Scene) -> None:
    scene.leads = [lead for lead in scene.leads if scene.moved - lead.since < _TOO_OLD]
    scene.by_sale = [lead for lead in scene.by_sale if scene.moved - lead.since < _TOO_OLD]

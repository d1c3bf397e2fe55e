"""Leads that are paid by the sale: a deposit, a report, the commission with or without money, returns, no sale."""

from datetime import datetime

from hypothesis import strategies as st

from marketplace.kit import clock
from tests.factories.sales import agreement
from tests.prove.acts.buying import owes, stopped
from tests.prove.books import half_up
from tests.prove.scene import DAY, GRACE, TERMS, Scene
from tests.prove.table import Draw, act, falls_due
from tests.prove.things import Deal, Sale

DEPOSIT, RATE = 20_00, 1_200
ANSWER, RETURNS, REPORT = 3 * DAY, 30 * DAY, 90 * DAY
AMOUNTS = (1_00, 99_99, 1_000_00, 5_555_55)


def dollars(cents: int) -> dict[str, object]:
    return {"amount": cents, "currency": "USD"}


@act(possible=lambda scene: scene.by_sale, weight=3)
def acquire(scene: Scene, draw: Draw) -> None:
    buyer, lead = draw(st.sampled_from(scene.stage.buyers)), draw(st.sampled_from(scene.by_sale))
    asked = scene.stage.api(buyer).post("/orders", agreement(scene.stage.api(buyer), lead.id))
    if stopped(scene, buyer):
        assert (asked.status, asked.code) == (402, "commission_due")
    elif any(each.buyer is buyer and each.state in ("overdue", "audit") for each in scene.deals):
        assert (asked.status, asked.code) == (403, "reports_overdue")
    elif owes(scene, buyer):
        assert (asked.status, asked.code) == (402, "debt_due")
    elif scene.books.at("wallet_cash", buyer.org_id) < DEPOSIT:
        assert asked.status == 402, asked.body
    else:
        assert asked.status == 201, asked.body
        scene.by_sale.remove(lead)
        scene.deals.append(Deal(asked["id"], buyer, lead.listing, scene.moved, DEPOSIT))
        scene.books.take("wallet_cash", DEPOSIT, buyer.org_id)
        scene.books.add("order_deposit", DEPOSIT, asked["id"])


def deals(scene: Scene, *states: str) -> list[Deal]:
    return [each for each in scene.deals if each.state in states]


def reportable(scene: Scene) -> list[Deal]:
    return deals(scene, "acquired", "overdue", "audit", "no_sale_claimed", "closed")


@act(possible=reportable, weight=3)
def report(scene: Scene, draw: Draw) -> None:
    """Told twice under the same name it is one sale."""
    deal, cents = draw(st.sampled_from(reportable(scene))), draw(st.sampled_from(AMOUNTS))
    told = {"amount": dollars(cents), "reference": "the first"}
    path = f"/orders/{deal.id}/sales"
    answers = [scene.stage.api(deal.buyer).post(path, told) for _ in range(draw(st.integers(1, 2)))]
    assert {each.status for each in answers} == {201}, answers[0].body
    assert len({each["id"] for each in answers}) == 1
    deal.sale = Sale(answers[0]["id"], cents, scene.moved, answer_by=scene.moved + ANSWER)
    deal.state = "reported"


def unanswered(scene: Scene) -> list[Deal]:
    return [each for each in deals(scene, "reported") if each.sale.state == "reported"]


@act(possible=unanswered, weight=2)
def answer_a_report(scene: Scene, draw: Draw) -> None:
    """The agency agrees; or it contests, and staff say what it came to."""
    deal = draw(st.sampled_from(unanswered(scene)))
    path, agency = f"/sales/{deal.sale.id}", scene.stage.api(deal.listing.agency)
    if draw(st.booleans()):
        assert agency.post(f"{path}/answers", {"accept": True}).status == 201
    else:
        said = agency.post(f"{path}/answers", {"accept": False, "statement": "It was much more."})
        assert said.status == 201, said.body
        deal.sale.amount = draw(st.sampled_from(AMOUNTS))
        verdict = {"amount": dollars(deal.sale.amount), "reasoning": "The invoice says so."}
        decided = scene.stage.api(scene.stage.staff[0]).post(f"{path}/decisions", verdict)
        assert decided.status == 201, decided.body
    agree(scene, deal)


def agree(scene: Scene, deal: Deal) -> None:
    """The commission is due: what was paid too much goes back, what is missing is taken."""
    sale = deal.sale
    sale.state, sale.answer_by, sale.since = "agreed", None, sale.since or clock.now()
    sale.commission = half_up(sale.amount, RATE)
    surplus = max(0, sale.kept - sale.commission)
    sale.kept -= surplus
    scene.books.take("held", surplus, sale.id)
    scene.back_to(deal.buyer, surplus)
    collect(scene, deal)


def payable(deal: Deal, now: datetime) -> int:
    """What is to be paid by now: all of it, or as many monthly parts as have come; each sum rounded half up."""
    sale, parts = deal.sale, deal.listing.instalments
    come = sum(1 for n in range(parts) if months_later(sale.since, n) <= now)
    return (2 * sale.commission * come + parts) // (2 * parts)


def months_later(since: datetime, months: int) -> datetime:
    """The same day of a later month, or its last one."""
    month = since.month - 1 + months
    year, month = since.year + month // 12, month % 12 + 1
    for day in range(since.day, 27, -1):
        try:
            return since.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return since.replace(year=year, month=month)


def collect(scene: Scene, deal: Deal) -> None:
    """From the deposit first, then from the wallet, as far as they go."""
    sale, org_id = deal.sale, deal.buyer.org_id
    missing = max(0, payable(deal, clock.now()) - sale.kept)
    for account, owner in (("order_deposit", deal.id), ("wallet_cash", org_id)):
        part = min(missing, scene.books.at(account, owner))
        scene.books.take(account, part, owner)
        scene.books.add("held", part, sale.id)
        sale.kept, missing = sale.kept + part, missing - part
    since = scene.moved if sale.unpaid_since is None else sale.unpaid_since
    sale.unpaid_since = since if missing else None
    settle(scene, deal)


def settle(scene: Scene, deal: Deal) -> None:
    """With nothing awaited any more, what is left of the deposit goes back."""
    if deal.sale.kept == deal.sale.commission:
        give_the_deposit_back(scene, deal)


def give_the_deposit_back(scene: Scene, deal: Deal) -> None:
    left = scene.books.at("order_deposit", deal.id)
    scene.books.take("order_deposit", left, deal.id)
    scene.back_to(deal.buyer, left)


def agreed(scene: Scene) -> list[Deal]:
    return [each for each in deals(scene, "reported") if each.sale.state == "agreed"]


@act(possible=agreed, weight=2)
def correct(scene: Scene, draw: Draw) -> None:
    """It came to more, or the customer gave a part or all of it back."""
    deal = draw(st.sampled_from(agreed(scene)))
    sale = deal.sale
    cents = draw(st.sampled_from(sorted({0, sale.amount // 2, sale.amount + 100_01})))
    body = {"amount": dollars(cents), "reason": "It was counted anew."}
    said = scene.stage.api(deal.buyer).post(f"/sales/{sale.id}/corrections", body)
    if cents == sale.amount:
        assert said.status == 201, said.body
    elif half_up(cents, RATE) < sale.commission and scene.moved >= sale.reported + RETURNS:
        assert (said.status, said.code) == (409, "reversal_over"), said.body
    else:
        assert said.status == 201, said.body
        sale.amount = cents
        agree(scene, deal)


@act(possible=lambda scene: [each for each in agreed(scene) if each.sale.unpaid_since is not None], weight=2)
def pay_a_commission(scene: Scene, draw: Draw) -> None:
    deal = draw(st.sampled_from([each for each in agreed(scene) if each.sale.unpaid_since is not None]))
    assert scene.stage.api(deal.buyer).post(f"/sales/{deal.sale.id}/payments").status == 201
    collect(scene, deal)


@act(possible=lambda scene: deals(scene, "acquired", "overdue"))
def say_no_sale(scene: Scene, draw: Draw) -> None:
    deal = draw(st.sampled_from(deals(scene, "acquired", "overdue")))
    said = scene.stage.api(deal.buyer).post(f"/orders/{deal.id}/no-sale", {"reason": "price"})
    assert said.status == 201, said.body
    deal.state, deal.said = "no_sale_claimed", scene.moved


@act(possible=lambda scene: deals(scene, "audit"), weight=2)
def audit(scene: Scene, draw: Draw) -> None:
    """No report came: staff find out whether there was a sale."""
    deal, cents = draw(st.sampled_from(deals(scene, "audit"))), draw(st.sampled_from([None, *AMOUNTS]))
    found = {"outcome": "no_sale"} if cents is None else {"outcome": "sale", "amount": dollars(cents)}
    path = f"/audits/{deal.id}/decisions"
    decided = scene.stage.api(scene.stage.staff[0]).post(path, {**found, "reasoning": "We have asked the person."})
    assert decided.status == 201, decided.body
    if cents is None:
        deal.state = "closed"
        give_the_deposit_back(scene, deal)
    else:
        sale_id = scene.stage.api(deal.buyer).get("/sales", order_id=deal.id)["items"][0]["id"]
        deal.state, deal.sale = "reported", Sale(sale_id, cents, scene.moved)
        agree(scene, deal)


def silence_agrees(scene: Scene, deal: Deal) -> None:
    if deal.state == "reported" and deal.sale.answer_by is not None and scene.moved >= deal.sale.answer_by:
        agree(scene, deal)


def silence_closes(scene: Scene, deal: Deal) -> None:
    if deal.state == "no_sale_claimed" and scene.moved >= deal.said + ANSWER:
        deal.state = "closed"
        give_the_deposit_back(scene, deal)


def reports_are_missed(scene: Scene, deal: Deal) -> None:
    if deal.state == "overdue" and scene.moved >= deal.placed + REPORT + GRACE:
        deal.state = "audit"
    elif deal.state == "acquired" and scene.moved >= deal.placed + REPORT:
        deal.state = "overdue"


def is_agreed(deal: Deal) -> bool:
    return deal.sale is not None and deal.sale.state == "agreed"


def parts_are_collected(scene: Scene, deal: Deal) -> None:
    if is_agreed(deal) and deal.sale.kept < deal.sale.commission:
        collect(scene, deal)


def commissions_are_released(scene: Scene, deal: Deal) -> None:
    if is_agreed(deal) and deal.sale.held and scene.moved >= deal.sale.reported + RETURNS:
        release(scene, deal)


@falls_due("orders.settle_sales")
def sales_are_settled(scene: Scene) -> None:
    """In the order in which the worker takes the steps, and the deals by their ids within each."""
    steps = (silence_agrees, silence_closes, reports_are_missed, parts_are_collected, commissions_are_released)
    for step in (*steps, pay_reserves):
        for deal in sorted(scene.deals, key=lambda deal: deal.id):
            step(scene, deal)


def release(scene: Scene, deal: Deal) -> None:
    """Several releases add up to one release of all of it."""
    sale, agency = deal.sale, deal.listing.agency
    fee_bp, reserve_bp, days = TERMS[agency.grade]
    before, after = sale.released, sale.kept
    fee = half_up(after, fee_bp) - half_up(before, fee_bp)
    reserve = half_up(after - half_up(after, fee_bp), reserve_bp) - half_up(
        before - half_up(before, fee_bp), reserve_bp
    )
    cents, sale.released = after - before, after
    scene.books.take("held", cents, sale.id)
    scene.books.add("fee_revenue", fee)
    scene.books.add("supplier_reserve", reserve, sale.id)
    scene.books.repay_first("supplier_receivable", "supplier_payable", cents - fee - reserve, agency.org_id)
    if reserve:
        deal.reserves.append((reserve, scene.moved + days * DAY))


def pay_reserves(scene: Scene, deal: Deal) -> None:
    for cents, until in [each for each in deal.reserves if scene.moved >= each[1]]:
        deal.reserves.remove((cents, until))
        scene.books.take("supplier_reserve", cents, deal.sale.id)
        scene.books.repay_first("supplier_receivable", "supplier_payable", cents, deal.listing.agency.org_id)

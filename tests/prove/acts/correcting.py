"""What staff have booked by hand: goodwill, adjustments, debts written off, entries undone, fakes taken back."""

from typing import Any

from hypothesis import strategies as st

from tests.factories.api import Answer
from tests.prove.acts.disputing import back
from tests.prove.books import GROW_BY_DEBITS, half_up
from tests.prove.cast import Actor
from tests.prove.scene import DAY, TERMS, Scene
from tests.prove.table import Draw, act
from tests.prove.things import ByHand, Order

ALONE = 100_00
_AMOUNTS = (1, 9_99, 100_00, 240_01)
_ADJUSTED = (*_AMOUNTS, 900_00)
_OURS = ("fee_revenue", "goodwill_expense", "processing_fee", "dispute_fee", "tax_payable", "bank")
_CLAIMS = {"wallet_cash": "buyer_receivable", "supplier_payable": "supplier_receivable"}
_WHY = "Both of us have looked at it twice."


def propose(scene: Scene, kind: str, about: str, cents: int, **more: Any) -> Answer:
    body = {"kind": kind, "about": about, "amount": {"amount": cents, "currency": "USD"}, "reason": _WHY, **more}
    asked = scene.stage.api(scene.stage.staff[0]).post("/proposals", body)
    assert asked.status == 201, asked.body
    return asked


def agree(scene: Scene, asked: Answer, draw: Draw) -> Answer:
    """The second person says yes, perhaps twice, perhaps after the first one has tried that alone."""
    path = f"/proposals/{asked['id']}/approval"
    first, second = (scene.stage.api(person) for person in scene.stage.staff)
    is_tried, is_twice = draw(st.sampled_from([(False, False)] * 2 + [(True, False), (False, True)]))
    if is_tried:
        assert first.post(path).status == 403
    answer = second.post(path)
    if is_twice:
        assert second.post(path).status == answer.status
    return answer


def take_back(scene: Scene, asked: Answer) -> None:
    path = f"/proposals/{asked['id']}/refusal"
    refused = scene.stage.api(scene.stage.staff[0]).post(path, {"reason": "A slip."})
    assert refused.status == 200, refused.body


def newest(scene: Scene, kind: str) -> str:
    found = scene.stage.api(scene.stage.staff[0]).get("/ledger/entries", kind=kind, limit=1)
    return str(found["items"][0]["id"])


def by_hand(scene: Scene, lines: list[tuple[str, str | None, int]]) -> ByHand:
    """What would be booked now: whoever gets something and owes us repays that first."""
    booked = []
    for account, owner, cents in lines:
        claim = _CLAIMS.get(account) if cents < 0 else None
        repaid = min(-cents, scene.books.at(claim, owner)) if claim else 0
        booked += [(str(claim), owner, -repaid)] if repaid else []
        booked += [(account, owner, cents + repaid)] if cents + repaid else []
    return ByHand("", booked)


def between(scene: Scene, debited: tuple[str, str | None], credited: tuple[str, str | None], cents: int) -> ByHand:
    """From one account to another, each as (account, owner)."""
    return by_hand(scene, [(*debited, cents), (*credited, -cents)])


def book(scene: Scene, entry: ByHand, kind: str = "") -> None:
    """With the kind of the product's entry it can be undone later."""
    for account, owner, cents in entry.lines:
        scene.books.debit(account, cents, owner)
    if kind:
        entry.entry_id = newest(scene, kind)
        scene.by_hand.append(entry)


def is_covered(scene: Scene, entry: ByHand) -> bool:
    """Whether no guarded account would fall below zero: that of a party that shrinks has enough."""
    shrinking = [line for line in entry.lines if (line[2] < 0) == (line[0] in GROW_BY_DEBITS)]
    return all(scene.books.at(account, owner) >= abs(cents) for account, owner, cents in shrinking if owner)


def parties(scene: Scene) -> list[tuple[str, Actor]]:
    """Accounts of parties that may be adjusted."""
    return [
        *((account, one) for one in scene.stage.buyers for account in ("wallet_cash", "buyer_receivable")),
        *((account, one) for one in scene.stage.agencies for account in ("supplier_payable", "supplier_receivable")),
    ]


def given_alone(scene: Scene, asked: Answer, org_id: str, cents: int) -> bool:
    """Whether it was done at once: with what was given alone in a day, and to this party in 30 days, it is little."""
    today = sum(given for at, _whom, given in scene.alone if scene.moved - at < DAY)
    to_one = sum(given for at, whom, given in scene.alone if whom == org_id and scene.moved - at < 30 * DAY)
    is_little = cents + max(today, to_one) <= ALONE
    assert asked["state"] == ("approved" if is_little else "open")
    if is_little:
        scene.alone.append((scene.moved, org_id, cents))
    return is_little


@act()
def give_goodwill(scene: Scene, draw: Draw) -> None:
    whom, cents = draw(st.sampled_from([*scene.stage.buyers, *scene.stage.agencies])), draw(st.sampled_from(_AMOUNTS))
    asked = propose(scene, "goodwill", whom.org_id, cents)
    if not given_alone(scene, asked, whom.org_id, cents):
        if draw(st.booleans()):
            take_back(scene, asked)
            return
        assert agree(scene, asked, draw).status == 200
    into = "wallet_cash" if whom in scene.stage.buyers else "supplier_payable"
    book(scene, between(scene, ("goodwill_expense", None), (into, whom.org_id), cents), "adjustment")


@act()
def adjust(scene: Scene, draw: Draw) -> None:
    """From or to an account of a party, against one of ours; debts come into the world this way, too."""
    (theirs, party), ours = draw(st.sampled_from(parties(scene))), draw(st.sampled_from(_OURS))
    cents, turned = draw(st.sampled_from(_ADJUSTED)), draw(st.booleans())
    sides = [(theirs, party.org_id), (ours, None)]
    debited, credited = sides[::-1] if turned else sides
    told = [{"account": account, "owner": owner} for account, owner in (debited, credited)]
    asked = propose(scene, "adjustment", party.org_id, cents, debit=told[0], credit=told[1])
    entry = between(scene, debited, credited, cents)
    agreed = agree(scene, asked, draw)
    if is_covered(scene, entry):
        assert agreed.status == 200, agreed.body
        book(scene, entry, "adjustment")
    else:
        assert (agreed.status, agreed.code) == (402, "insufficient_funds")
        take_back(scene, asked)


def rich(scene: Scene) -> list[Actor]:
    return [each for each in scene.stage.buyers if scene.books.at("wallet_cash", each.org_id) > ALONE]


@act(possible=rich)
def charge_a_fee(scene: Scene, draw: Draw) -> None:
    """Most of a wallet becomes ours: so there is money of our own at Stripe."""
    buyer = draw(st.sampled_from(rich(scene)))
    cents = min(1_000_00, scene.books.at("wallet_cash", buyer.org_id))
    sides = [{"account": "wallet_cash", "owner": buyer.org_id}, {"account": "fee_revenue", "owner": None}]
    asked = propose(scene, "adjustment", buyer.org_id, cents, debit=sides[0], credit=sides[1])
    assert agree(scene, asked, draw).status == 200
    book(scene, between(scene, ("wallet_cash", buyer.org_id), ("fee_revenue", None), cents), "adjustment")


def debts(scene: Scene) -> list[tuple[str, Actor, int]]:
    owed = [(account, party, scene.books.at(account, party.org_id)) for account, party in parties(scene)]
    return [each for each in owed if each[0].endswith("receivable") and each[2]]


@act(possible=debts, weight=3)
def write_off(scene: Scene, draw: Draw) -> None:
    account, party, owed = draw(st.sampled_from(debts(scene)))
    cents = draw(st.sampled_from(sorted({1, (owed + 1) // 2, owed})))
    assert agree(scene, propose(scene, "write_off", party.org_id, cents), draw).status == 200
    book(scene, between(scene, ("bad_debt", None), (account, party.org_id), cents), "write_off")


@act(possible=lambda scene: scene.by_hand)
def undo(scene: Scene, draw: Draw) -> None:
    entry = draw(st.sampled_from(scene.by_hand))
    mirror = by_hand(scene, [(account, owner, -cents) for account, owner, cents in entry.lines])
    asked = propose(scene, "reversal", entry.entry_id, entry.cents)
    agreed = agree(scene, asked, draw)
    if is_covered(scene, mirror):
        assert agreed.status == 200, agreed.body
        scene.by_hand.remove(entry)
        book(scene, mirror)
    else:
        assert agreed.status == 402, agreed.body
        take_back(scene, asked)


def released(scene: Scene) -> list[Order]:
    return [order for order in scene.orders if order.state == "released"]


@act(possible=released, weight=2)
def claw_back(scene: Scene, draw: Draw) -> None:
    """A fake found late: the fee's part of what is left, and the rest from reserve, earnings and debt of the agency."""
    order = draw(st.sampled_from(released(scene)))
    left = order.left
    cents = draw(st.sampled_from(sorted({1, (left + 2) // 3, left})))
    assert agree(scene, propose(scene, "claw_back", order.id, cents), draw).status == 200
    fee_bp, before = TERMS[order.agency.grade][0], order.taken_back
    to_gifts, to_wallet = back(order, cents)
    order.taken_back += cents
    if cents == left:
        order.state = "clawed_back"
    fee = half_up(order.taken_back, fee_bp) - half_up(before, fee_bp)
    scene.books.take("fee_revenue", fee)
    reserve = min(cents - fee, order.reserve)
    order.reserve -= reserve
    scene.books.take("supplier_reserve", reserve, order.id)
    payable = min(cents - fee - reserve, scene.books.at("supplier_payable", order.agency.org_id))
    scene.books.take("supplier_payable", payable, order.agency.org_id)
    scene.books.add("supplier_receivable", cents - fee - reserve - payable, order.agency.org_id)
    for gift, part in to_gifts.items():
        scene.books.add("wallet_promo", part, gift)
    scene.back_to(order.buyer, to_wallet)

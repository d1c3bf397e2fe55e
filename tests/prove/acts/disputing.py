"""A lead was bad: said, answered, conceded, taken back, decided by staff or by silence."""

from hypothesis import strategies as st

from tests.prove.books import half_up
from tests.prove.scene import ANSWER_TIME, APPEAL_TIME, LAST_HOUR, Scene
from tests.prove.table import Draw, act, falls_due
from tests.prove.things import WINDOW, Case, Order

VERDICTS = (("upheld", 100), ("partly_upheld", 50), ("partly_upheld", 25), ("rejected", 0))


def back(order: Order, amount: int) -> tuple[dict[str, int], int]:
    """Money goes back to where it came from: to each gift its part of all that went back so far, rounded down, and the
    rest to the wallet; where a bank has taken so much that the cash is short, the gifts make up for it."""
    paid, given = order.price - order.charged_back, order.refunded + order.taken_back + amount
    promo, parts = sum(order.given.values()), {}
    due = given * promo // paid if paid else 0
    for gift in sorted(order.gifts):
        share = due * order.given[gift] // promo if promo else 0
        due, promo = due - share, promo - order.given[gift]
        parts[gift] = min(max(0, share - order.given[gift] + order.gifts[gift]), amount - sum(parts.values()))
    short = amount - sum(parts.values()) - (order.left - sum(order.gifts.values()))
    for gift, part in parts.items():
        more = min(max(0, short), order.gifts[gift] - part)
        parts[gift], short = part + more, short - more
        order.gifts[gift] -= parts[gift]
    return parts, amount - sum(parts.values())


def disputable(scene: Scene) -> list[Order]:
    can_be = [each for each in scene.orders if each.state == "held" and not each.frozen]
    return [each for each in can_be if scene.moved < each.placed + WINDOW]


def open_cases(scene: Scene, *states: str) -> list[Order]:
    wanted = states or ("open", "answered")
    return [each for each in scene.orders if each.case and each.case.state in wanted and not each.frozen]


def settle(scene: Scene, order: Order, percent: int, state: str) -> None:
    """A decision: money back at once, the rest not before an appeal is too late."""
    amount = half_up(order.held, percent * 100)
    order.case.state, order.not_before = state, scene.moved + APPEAL_TIME
    order.case.first_percent = order.case.percent = percent
    order.case.decided = scene.moved
    if order.state == "charged_back":
        return
    give_back(scene, order, amount)
    order.state = {0: "held", 100: "refunded"}.get(percent, "partly_refunded")


def give_back(scene: Scene, order: Order, amount: int) -> None:
    """Money goes back from what is held to where it came from."""
    to_gifts, to_wallet = back(order, amount)
    order.refunded += amount
    scene.books.take("held", amount, order.id)
    for gift, cents in to_gifts.items():
        scene.books.add("wallet_promo", cents, gift)
    scene.back_to(order.buyer, to_wallet)


@act(possible=disputable, weight=3)
def dispute(scene: Scene, draw: Draw) -> None:
    order = draw(st.sampled_from(disputable(scene)))
    said = {"reason": draw(st.sampled_from(["bot", "wrong_person"])), "statement": "It was nobody at all."}
    said["evidence"] = [{"name": "why.txt", "content": "YWJj"}]  # a buyer that lost often needs a file
    opened = scene.stage.api(order.buyer).post(f"/orders/{order.id}/disputes", said)
    if order.case and order.case.state != "withdrawn":
        assert (opened.status, opened.code) == (409, "already_disputed"), opened.body
        return
    assert opened.status == 201, opened.body
    order.state, order.case = "disputed", Case(opened["id"], scene.moved)


@act(possible=lambda scene: open_cases(scene, "open"), weight=2)
def answer(scene: Scene, draw: Draw) -> None:
    order = draw(st.sampled_from(open_cases(scene, "open")))
    said = scene.stage.api(order.agency).post(f"/disputes/{order.case.id}/answers", {"statement": "Here is the form."})
    assert said.status == 201, said.body
    order.case.state = "answered"


@act(possible=open_cases)
def concede(scene: Scene, draw: Draw) -> None:
    order = draw(st.sampled_from(open_cases(scene)))
    said = scene.stage.api(order.agency).post(f"/disputes/{order.case.id}/answers", {"concede": True})
    assert said.status == 201, said.body
    settle(scene, order, 100, "conceded")


@act(possible=open_cases)
def withdraw(scene: Scene, draw: Draw) -> None:
    order = draw(st.sampled_from(open_cases(scene)))
    assert scene.stage.api(order.buyer).post(f"/disputes/{order.case.id}/withdrawal").status == 200
    order.case.state = "withdrawn"
    order.state = order.state if order.state == "charged_back" else "held"
    order.not_before = order.placed + WINDOW


@act(possible=open_cases, weight=2)
def decide(scene: Scene, draw: Draw) -> None:
    """Two members of staff at once decide once."""
    order, (outcome, percent) = draw(st.sampled_from(open_cases(scene))), draw(st.sampled_from(VERDICTS))
    verdict = {"outcome": outcome, "refund_percent": percent, "reasoning": "Both sides were heard."}
    path = f"/disputes/{order.case.id}/decisions"
    first, second = (scene.stage.api(person).post(path, verdict) for person in scene.stage.staff)
    assert (first.status, second.status) == (201, 409), (first.body, second.body)
    settle(scene, order, percent, outcome)
    order.case.by_staff = True


@falls_due("disputes.uphold_unanswered")
def silence_is_over(scene: Scene) -> None:
    for order in open_cases(scene, "open"):
        if scene.moved - order.case.opened >= ANSWER_TIME:
            settle(scene, order, 100, "upheld")


@falls_due("disputes.decide_overdue")
def nobody_decided(scene: Scene) -> None:
    """The product weighs what is more likely; here it counts that all or nothing goes back, and how much that is."""
    for order in open_cases(scene, "answered"):
        if scene.moved - order.case.opened >= LAST_HOUR:
            told = scene.stage.api(order.buyer).get(f"/disputes/{order.case.id}")
            assert told["rules"][0] == "time_up_120h", told.body
            settle(scene, order, {"upheld": 100, "rejected": 0}[told["state"]], told["state"])

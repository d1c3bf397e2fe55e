"""A decision is looked at again: by either side once, the buyer's appeal before the agency's, by somebody else."""

from hypothesis import strategies as st

from tests.prove.acts.disputing import give_back
from tests.prove.books import half_up
from tests.prove.scene import APPEAL_TIME, TERMS, Scene
from tests.prove.table import Draw, act
from tests.prove.things import Order

_DECIDED = ("upheld", "partly_upheld", "rejected")
_SHARES = (0, 25, 50, 100)


def may_appeal(scene: Scene, order: Order, side: str) -> bool:
    case = order.case
    has_lost = case.first_percent != (100 if side == "buyer" else 0)
    in_time = scene.moved - case.decided < APPEAL_TIME or (side == "buyer" and order.frozen)
    return bool(case.state in _DECIDED and has_lost and in_time and side not in case.appeals)


def appealable(scene: Scene) -> list[tuple[Order, str]]:
    cases = [(order, side) for order in scene.orders if order.case for side in ("buyer", "agency")]
    return [(order, side) for order, side in cases if may_appeal(scene, order, side)]


def open_appeals(scene: Scene) -> list[tuple[Order, str]]:
    cases = [order for order in scene.orders if order.case]
    return [(order, side) for order in cases for side, is_open in order.case.appeals.items() if is_open]


@act(possible=appealable, weight=2)
def appeal(scene: Scene, draw: Draw) -> None:
    order, side = draw(st.sampled_from(appealable(scene)))
    path, words = f"/disputes/{order.case.id}/appeals", {"statement": "You overlook the log."}
    said = scene.stage.api(getattr(order, side)).post(path, words)
    if side == "buyer" and (order.frozen or order.state == "charged_back"):
        assert said.status == 409, said.body
        return
    assert said.status == 201, said.body
    order.case.appeals[side] = True
    if side == "buyer":
        order.state = "disputed"


@act(possible=open_appeals, weight=3)
def decide_appeal(scene: Scene, draw: Draw) -> None:
    """Whoever decided before may not; what was decided stays decided."""
    order, side = draw(st.sampled_from(open_appeals(scene)))
    case, (first, second) = order.case, (scene.stage.api(person) for person in scene.stage.staff)
    can_be = [each for each in _SHARES if (each >= case.percent if side == "buyer" else each <= case.percent)]
    percent = draw(st.sampled_from(can_be))
    path, ruling = f"/disputes/{case.id}/appeals/{side}/decisions", {"refund_percent": percent, "reasoning": "Again."}
    if case.by_staff:
        assert first.post(path, ruling).code == "own_decision"
    told = second.post(path, ruling)
    if side == "agency" and (case.appeals.get("buyer") or may_appeal(scene, order, "buyer")):
        assert (told.status, told.code) == (409, "buyer_first"), told.body
        return
    if side == "buyer" and order.frozen:
        assert (told.status, told.code) == (409, "order_frozen"), told.body
        return
    assert told.status == 201, told.body
    assert second.post(path, ruling).code == "appeal_closed"
    case.appeals[side] = False
    (award if side == "agency" else give_more)(scene, order, percent)
    case.percent = percent


def give_more(scene: Scene, order: Order, percent: int) -> None:
    """To the buyer from what is held, of which the rest may go on."""
    order.not_before = scene.moved
    if order.state == "charged_back":
        return
    if percent != order.case.percent:
        give_back(scene, order, max(0, half_up(order.paid, percent * 100) - order.refunded))
        order.state = "refunded" if percent == 100 else "partly_refunded"
    else:
        order.state = "partly_refunded" if order.refunded else "held"


def award(scene: Scene, order: Order, percent: int) -> None:
    """To the agency at our cost what it would have earned; nobody gives anything back."""
    if percent == order.case.percent:
        return
    fee_bp = TERMS[order.agency.grade][0]
    due, got = order.paid - half_up(order.paid, percent * 100), order.paid - order.refunded
    cents = (due - half_up(due, fee_bp)) - (got - half_up(got, fee_bp))
    scene.books.add("goodwill_expense", cents)
    scene.books.repay_first("supplier_receivable", "supplier_payable", cents, order.agency.org_id)

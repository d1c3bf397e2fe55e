"""Time passes: the held money goes to the agency less fee and reserve, and the reserve follows."""

from datetime import timedelta

from hypothesis import strategies as st

from tests.prove.books import half_up
from tests.prove.scene import TERMS, Scene
from tests.prove.table import Draw, act, falls_due
from tests.prove.things import Order

SHORT, LONG = ({"minutes": 20}, {"hours": 13}, {"days": 1}, {"days": 3}), ({"days": 8}, {"days": 31}, {"days": 61})


@act()
def wait(scene: Scene, draw: Draw) -> None:
    scene.pass_time(**draw(st.sampled_from(SHORT)))


@act()
def wait_long(scene: Scene, draw: Draw) -> None:
    scene.pass_time(**draw(st.sampled_from(LONG)))


@falls_due("orders.release_due")
def orders_are_released(scene: Scene) -> None:
    for order in scene.orders:
        is_free = order.state in ("held", "partly_refunded") and not order.frozen
        if is_free and scene.moved >= order.releasable:
            release(scene, order)


@falls_due("orders.release_due")
def reserves_are_paid(scene: Scene) -> None:
    for order in scene.orders:
        if order.reserve and order.reserve_until is not None and scene.moved >= order.reserve_until:
            scene.books.take("supplier_reserve", order.reserve, order.id)
            scene.books.repay_first("supplier_receivable", "supplier_payable", order.reserve, order.agency.org_id)
            order.reserve = 0


def release(scene: Scene, order: Order) -> None:
    fee_bp, reserve_bp, days = TERMS[order.agency.grade]
    held = order.held
    fee = half_up(held, fee_bp)
    order.reserve = half_up(held - fee, reserve_bp)
    order.state, order.reserve_until = "released", scene.moved + timedelta(days=days)
    scene.books.take("held", held, order.id)
    scene.books.add("fee_revenue", fee)
    scene.books.add("supplier_reserve", order.reserve, order.id)
    rest = held - fee - order.reserve
    scene.books.repay_first("supplier_receivable", "supplier_payable", rest, order.agency.org_id)

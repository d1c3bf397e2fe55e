"""Once everything was heard, our books are Stripe's: what it has done is read from Stripe itself and followed.

Whether an act at Stripe came about, at once or after a death or without an answer, is not for the model to guess: it
looks there. What was not done there must have been given back by the product.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from marketplace.kit.db import session
from tests.prove.acts import contesting, going_back
from tests.prove.scene import Scene
from tests.prove.table import NEWS, falls_due

_ENDED = text("""
SELECT id::text FROM payouts WHERE state = 'canceled' UNION ALL SELECT id::text FROM card_refunds WHERE state = 'failed'
""")
_FINAL = {"failed", "canceled"}


@falls_due("billing.reconcile")
@falls_due("billing.look_after_payouts")
@falls_due(NEWS)
def stripe_is_followed(scene: Scene) -> None:
    for kind, follow in FOLLOWS.items():
        for found in scene.stage.at_stripe(kind):
            follow(scene, found)
    returned = _ended()
    for id_, one in list(scene.under_way.items()):
        if id_ in returned and not one.is_sent:
            give_back(scene, id_)


def refund(scene: Scene, found: dict[str, Any]) -> None:
    """Money to a card: it leaves our balance; what its bank sends back is in the wallet again, after debts."""
    ours, cents = found["metadata"]["card_refund"], found["amount"]
    if found["balance_transaction"] and scene.is_new(found, "left"):
        scene.under_way[ours].is_sent = True
        scene.books.take("refund_inflight", cents, ours)
        scene.books.take("stripe_balance", cents)
    if found["status"] in _FINAL and scene.is_new(found, "failed"):
        one = scene.under_way[ours]
        if one.is_sent:
            scene.books.add("stripe_balance", cents)
        else:
            scene.books.take("refund_inflight", cents, ours)
        scene.back_to(one.owner, cents)
        going_back.gave_back(scene, ours, cents)
        one.is_sent = True


def transfer(scene: Scene, found: dict[str, Any]) -> None:
    """Money to an agency's account at Stripe, and back from there."""
    ours = found["metadata"]["payout"]
    agency = scene.under_way[ours].owner
    if scene.is_new(found, "left"):
        scene.under_way[ours].is_sent = True
        scene.books.take("payout_inflight", found["amount"], ours)
        scene.books.take("stripe_balance", found["amount"])
    for reversal in found["reversals"]["data"]:
        if scene.is_new(reversal, "came back"):
            scene.books.add("stripe_balance", reversal["amount"])
            scene.books.repay_first("supplier_receivable", "supplier_payable", reversal["amount"], agency.org_id)


def sweep(scene: Scene, found: dict[str, Any]) -> None:
    """Our own money to our bank, and back."""
    if scene.is_new(found, "left"):
        scene.books.add("bank", found["amount"])
        scene.books.take("stripe_balance", found["amount"])
    if found["status"] in _FINAL and scene.is_new(found, "came back"):
        scene.books.take("bank", found["amount"])
        scene.books.add("stripe_balance", found["amount"])


def give_back(scene: Scene, ours: str) -> None:
    """It never left: whoever it belongs to has it again."""
    one = scene.under_way.pop(ours)
    scene.ended.add(ours)
    if one.kind == "payout":
        scene.books.take("payout_inflight", one.cents, ours)
        scene.books.repay_first("supplier_receivable", "supplier_payable", one.cents, one.owner.org_id)
    else:
        scene.books.take("refund_inflight", one.cents, ours)
        scene.back_to(one.owner, one.cents)
        going_back.gave_back(scene, ours, one.cents)


FOLLOWS: dict[str, Callable[[Scene, dict[str, Any]], None]] = {
    "refund": refund,
    "dispute": contesting.follow,
    "transfer": transfer,
    "payout": sweep,
}


def _ended() -> set[str]:
    session().rollback()
    found = set(session().scalars(_ENDED))
    session().rollback()
    return found

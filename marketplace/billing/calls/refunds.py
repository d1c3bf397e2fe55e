"""Sending unspent money back to the card that it came from."""

from uuid import UUID

from sqlalchemy import select

from marketplace.billing.actions import refunds
from marketplace.billing.calls.engine import Call
from marketplace.billing.gateway import RefundAsk
from marketplace.billing.models import CardRefund, TopUp
from marketplace.kit.db import session


def _prepare(card_refund_id: UUID) -> RefundAsk:
    wanted = select(CardRefund, TopUp.payment_intent_id).join(TopUp).where(CardRefund.id == card_refund_id)
    row, payment = session().execute(wanted).one()
    return RefundAsk(row.id, str(payment), row.amount)


REFUND_PAYMENT = Call(
    kind="refund_payment",
    prepare=_prepare,
    make=lambda gateway, wanted, key: gateway.refunds.create(wanted, key),
    find=lambda gateway, wanted: gateway.refunds.find(wanted),
    settle=lambda _card_refund_id, refund: refunds.settle_refund(refund),
    refuse=refunds.refuse_refund,
)

"""What is not wanted any more is taken back at Stripe: a page that could still be paid, a payment that waits.

Either may have been paid in the last second: then it stands as paid, and is settled like any other. To take something
back twice does no harm: it is asked for again whatever became of it before.
"""

from uuid import UUID

from marketplace.billing.actions import top_ups
from marketplace.billing.actions.payments import settle_checkout, settle_payment
from marketplace.billing.calls.engine import Call
from marketplace.billing.errors import NotAtStripe


def _page(top_up_id: UUID) -> tuple[str, str]:
    return _known(top_ups.locked(top_up_id).session_id), f"top_up:{top_up_id}:close"


def _payment(top_up_id: UUID) -> tuple[str, str]:
    return _known(top_ups.locked(top_up_id).payment_intent_id), f"top_up:{top_up_id}:cancel"


def _known(stripe_id: str | None) -> str:
    if stripe_id is None:
        raise NotAtStripe
    return stripe_id


CLOSE_CHECKOUT = Call(
    kind=top_ups.CLOSE,
    prepare=_page,
    make=lambda gateway, wanted, key: gateway.checkouts.close(wanted[0], key),
    find=lambda gateway, wanted: gateway.checkouts.close(*wanted),
    settle=lambda _top_up_id, page: settle_checkout(page),
    refuse=lambda _top_up_id, _why: None,
)
CANCEL_PAYMENT = Call(
    kind=top_ups.CANCEL,
    prepare=_payment,
    make=lambda gateway, wanted, key: gateway.payments.cancel(wanted[0], key),
    find=lambda gateway, wanted: gateway.payments.cancel(*wanted),
    settle=lambda _top_up_id, payment: settle_payment(payment),
    refuse=lambda _top_up_id, _why: None,
)

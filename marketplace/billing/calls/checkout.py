"""Opening the hosted page for a top-up."""

from uuid import UUID

from marketplace.billing import rules
from marketplace.billing.actions import top_ups
from marketplace.billing.calls.engine import Call
from marketplace.billing.gateway import CheckoutAsk, Payer
from marketplace.kit.own import Given

#: the same from every process, whatever language it speaks: a repeated call must not differ
LABEL = "Fairlead wallet"


_OURS: Given[str] = Given("own address")


def use_public_url(public_url: str) -> None:
    """Our own address, where payers come back to; at the application's start."""
    _OURS.set(public_url.rstrip("/"))


def public_url() -> str:
    """Our own address, without a slash at its end."""
    return _OURS.get()


def _prepare(top_up_id: UUID) -> CheckoutAsk:
    top_up = top_ups.locked(top_up_id)
    return CheckoutAsk(
        top_up_id=top_up.id,
        payer=Payer(top_up.org_id, top_up.user_id),
        amount=top_up.amount,
        label=LABEL,
        back_url=f"{public_url()}/wallet/top-ups/{top_up.id}",
        cancel_url=f"{public_url()}/wallet",
        expires_at=top_up.created_at + rules.CHECKOUT_TIME,
        needs_3ds=top_up.needs_3ds,
    )


OPEN_CHECKOUT = Call(
    kind="open_checkout",
    prepare=_prepare,
    make=lambda gateway, wanted, key: gateway.checkouts.create(wanted, key),
    find=lambda gateway, wanted: gateway.checkouts.find(wanted),
    settle=top_ups.attach_checkout,
    refuse=lambda top_up_id, _why: top_ups.give_up(top_up_id),
)

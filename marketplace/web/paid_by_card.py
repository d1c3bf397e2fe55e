"""What became of a top-up that was to pay a lead: what its payer reads, and can do next."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import url_for

from marketplace import billing, orders
from marketplace.billing import TopUp
from marketplace.kit.errors import Refusal
from marketplace.kit.money import Money
from marketplace.leads import Lead
from marketplace.orders import intents
from marketplace.orders.errors import AlreadyBought, refusal_of_word
from marketplace.orders.intents import PurchaseIntent
from marketplace.people import Power, Who


@dataclass(frozen=True, slots=True)
class Purchase:
    """How a purchase by card came out.

    Attributes:
        refusal: why nothing was bought, None unless it was refused.
        order_id: what was bought, by this payment or another one, where the reader may see orders.
        sendable: what of the payment can go back to its card now.
        key: makes a second click on that the same refund.
    """

    intent: PurchaseIntent
    lead: Lead
    refusal: Refusal | None
    order_id: UUID | None
    sendable: Money
    key: UUID

    @property
    def is_gone(self) -> bool:
        """Nobody can buy the lead any more, at whatever price."""
        return self.intent.refused in {"lead_sold", "lead_not_offered", "not_found"}

    @property
    def has_changed(self) -> bool:
        """It can still be bought, at another price or on other terms."""
        return self.intent.refused in {"price_changed", "terms_changed"}

    @property
    def similar(self) -> str:
        """The address of leads of the same trade and country."""
        return url_for("catalog.index", vertical=self.lead.vertical, country=self.lead.country)


def purchase_of(who: Who, top_up: TopUp, intent: PurchaseIntent) -> Purchase:
    """For the page that a payer comes back to; both were found for it. Raises Forbidden."""
    refusal = refusal_of_word(intent.refused) if intent.refused else None
    order_id = intent.order_id if who.can(Power.ORDERS_READ) else None
    if isinstance(refusal, AlreadyBought) and who.can(Power.ORDERS_READ):
        bought = orders.of_lead(who, intent.lead_id)
        order_id = bought.id if bought else None
    return Purchase(
        intent=intent,
        lead=intents.lead_of(intent),
        refusal=refusal,
        order_id=order_id,
        sendable=Money(0, top_up.currency) if intent.order_id else _sendable(who, top_up),
        key=uuid4(),
    )


def _sendable(who: Who, top_up: TopUp) -> Money:
    return Money(billing.refundable_of(who, top_up) if who.can(Power.WALLET_WRITE) else 0, top_up.currency)

"""Reading fields of Stripe's objects."""

from typing import Any
from uuid import UUID

from marketplace.billing.gateway.objects import CardPage, Payer, Payment, PaymentState, SeenCard, Settlement
from marketplace.kit.money import Money


def id_of(value: Any) -> str | None:
    """The id of an object that comes as itself or as its id alone."""
    return value.get("id") if isinstance(value, dict) else value


def money_of(amount: int | None, currency: str | None) -> Money:
    return Money(amount or 0, (currency or "").upper())


def uuid_of(text: str | None) -> UUID | None:
    """One of our ids as we wrote it on an object of Stripe's; None for anything else."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def tags_of(top_up_id: UUID, payer: Payer) -> dict[str, str]:
    """What we write on a payment: which top-up it is, and whose, should that row ever be lost."""
    return {"top_up": str(top_up_id), "org": str(payer.org_id), "user": str(payer.user_id)}


def payer_of(tags: dict[str, str] | None) -> Payer | None:
    """Whose payment it is by what we wrote on it; None where we did not."""
    org_id, user_id = (uuid_of((tags or {}).get(name)) for name in ("org", "user"))
    return Payer(org_id, user_id) if org_id and user_id else None


def settlement_of(transaction: Any) -> Settlement | None:
    """An expanded balance transaction; None while there is only an id, or nothing yet."""
    if not isinstance(transaction, dict):
        return None
    return Settlement(
        transaction["id"], money_of(transaction["amount"], transaction["currency"]), int(transaction["fee"])
    )


def payment_of(intent: dict[str, Any]) -> Payment:
    """A payment intent, its newest charge and that one's balance transaction expanded where they are wanted."""
    found = intent.get("latest_charge")
    charge = found if isinstance(found, dict) else {}
    return Payment(
        id=intent["id"],
        settlement=settlement_of(charge.get("balance_transaction")),
        state=_STATES.get(intent["status"], PaymentState.WAITING),
        top_up_id=uuid_of((intent.get("metadata") or {}).get("top_up")),
        received=money_of(intent.get("amount_received"), intent.get("currency")),
        card=card_of_charge(charge),
        failure=failure_of(intent.get("last_payment_error")),
        payer=payer_of(intent.get("metadata")),
    )


def card_of_charge(charge: dict[str, Any]) -> SeenCard | None:
    """The card that was charged."""
    details = (charge.get("payment_method_details") or {}).get("card")
    return card_of(id_of(charge.get("payment_method")), details) if details else None


def card_of(method: str | None, details: dict[str, Any]) -> SeenCard:
    """A card from what Stripe tells of it."""
    return SeenCard(
        method=method or "",
        brand=details.get("brand") or "",
        last4=details.get("last4") or "",
        exp_month=int(details.get("exp_month") or 0),
        exp_year=int(details.get("exp_year") or 0),
        fingerprint=details.get("fingerprint") or "",
    )


def card_page_of(session: dict[str, Any]) -> CardPage:
    """A checkout session that saves a card, its setup intent and that one's card expanded where they are wanted."""
    found = session.get("setup_intent")
    intent = found if isinstance(found, dict) else {}
    method = intent.get("payment_method") if intent.get("status") == "succeeded" else None
    kept = method if isinstance(method, dict) and method.get("customer") else None  # it may be forgotten again by now
    return CardPage(
        id=session.get("id"),
        setup_id=uuid_of((session.get("metadata") or {}).get("card_setup")),
        url=session.get("url"),
        customer=id_of(intent.get("customer")),
        card=card_of(kept["id"], kept.get("card") or {}) if kept else None,
        is_closed=session.get("status") in ("complete", "expired"),
    )


def failure_of(error: Any) -> str:
    """Stripe's word for why an attempt failed: the bank's reason before its own code."""
    return str(error.get("decline_code") or error.get("code") or "") if error else ""


_STATES = {
    "requires_action": PaymentState.ASKING,
    "processing": PaymentState.PROCESSING,
    "succeeded": PaymentState.SUCCEEDED,
    "canceled": PaymentState.CANCELED,
}

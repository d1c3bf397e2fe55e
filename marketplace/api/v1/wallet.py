"""A buyer's wallet: what can be spent, and how money comes in."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from marketplace import billing, orders
from marketplace.api.caller import caller
from marketplace.api.errors import ErrorBody
from marketplace.api.once import once, was_asked
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.balance import CurrencyIn, StatementIn, currency_of
from marketplace.api.v1.shapes import page_of
from marketplace.billing import TopUp, oversight, promos
from marketplace.billing.queries import PARTS
from marketplace.billing.schemas import StatementLineOut, TopUpIn, TopUpOut
from marketplace.kit import limits
from marketplace.kit.db import transaction
from marketplace.kit.money import Money
from marketplace.kit.paging import Page
from marketplace.kit.schemas import MoneyField
from marketplace.ledger import StatementLine
from marketplace.orders import intents
from marketplace.orders.errors import refusal_of_word
from marketplace.orders.intents import IntentState, PurchaseIntent, Wish
from marketplace.orders.intents.schemas import WishIn
from marketplace.people import Who

resource = Resource("wallet", "Wallet")

_TOP_UPS_AN_HOUR = limits.Limit("top_ups", 60, 3600)


class WalletOut(Schema):
    """In minor units. `held` is paid for leads whose window is open; `promo` was given, not paid in;
    `frozen` waits for the end of a chargeback; what is `owed` is repaid by whatever comes in, and stops buying until
    then.
    """

    currency = fields.String(required=True)
    available = fields.Integer(required=True)
    held = fields.Integer(required=True)
    promo = fields.Integer(required=True)
    frozen = fields.Integer(required=True)
    owed = fields.Integer(required=True)
    currencies = fields.List(fields.String(), required=True)


class WalletStatementIn(StatementIn):
    """Of which part: what is `available`, what you owe (money that came back and repaid it stands there), or what is
    frozen for your bank's decision.
    """

    part = fields.String(load_default="available", validate=validate.OneOf(list(PARTS)))


class TopUpWishIn(TopUpIn):
    """How much to put into the wallet: at least 20.00. With `purchase` a lead is bought with it once it is there."""

    purchase = fields.Nested(WishIn)


class IntentOut(Schema):
    """What became of it: `waiting` for the money, then `bought`, or `refused` with why, or `lapsed` without money.

    What is refused has cost nothing: the money is in the wallet.
    """

    lead_id = fields.UUID(required=True)
    quoted_price = MoneyField(required=True)
    state = fields.String(required=True, validate=validate.OneOf([each.value for each in IntentState]))
    order_id = fields.UUID(required=True, allow_none=True)
    refused = fields.Nested(ErrorBody, required=True, allow_none=True)


class TopUpWishOut(TopUpOut):
    purchase = fields.Nested(IntentOut, required=True, allow_none=True)


@resource.get("/wallet")
@resource.arguments(CurrencyIn, location="query")
@resource.response(200, WalletOut)
def wallet(query: dict[str, Any]) -> dict[str, Any]:
    """What you can spend, and what is held"""
    who = caller()
    known = billing.wallet_currencies(who)
    currency = currency_of(query, known)
    return {
        "currency": currency,
        "available": billing.available_for(who, currency),
        "held": orders.held_for(who, currency),
        "promo": promos.promo_for(who, currency),
        "frozen": oversight.frozen_for(who, currency),
        "owed": intents.owed_for(who, currency),
        "currencies": known,
    }


@resource.get("/wallet/entries")
@resource.arguments(WalletStatementIn, location="query")
@resource.response(200, page_of(StatementLineOut))
def entries(query: dict[str, Any]) -> Page[StatementLine]:
    """Your wallet line by line, newest first"""
    who = caller()
    currency = currency_of(query, billing.wallet_currencies(who))
    return billing.wallet_statement(who, currency, query["ask"], part=query["part"])


@resource.post("/wallet/top-ups")
@takes_key
@resource.arguments(TopUpWishIn)
@resource.response(201, TopUpWishOut)
def top_up(wanted: dict[str, Any]) -> dict[str, Any]:
    """Put money into the wallet, or pay a lead by card

    The card is asked for at `checkout_url`; the money is there when the payment is confirmed. With `purchase` the lead
    is bought then; it is not kept for you until then. Whatever but the money would refuse the purchase is told at once
    (`debt_due`: you owe in another currency, which this top-up would not repay), and the same wish again gives the
    top-up that is open for it.
    """
    who = caller()
    with transaction():
        limits.spend(_TOP_UPS_AN_HOUR, str(who.org_id))
    opened = billing.open_checkout(
        who, lambda: once(who, lambda: _ask(who, **wanted)), instead_of=lambda: _close_earlier(who, **wanted)
    )
    return _told(who, opened)


@resource.get("/wallet/top-ups/<uuid:top_up_id>")
@resource.response(200, TopUpWishOut)
def one_top_up(top_up_id: UUID) -> dict[str, Any]:
    """How a top-up stands, and what was bought with it"""
    who = caller()
    return _told(who, billing.find_for(who, top_up_id))


def _ask(who: Who, amount: Money, purchase: Wish | None = None) -> UUID:
    return intents.ask(who, purchase, amount) if purchase else billing.ask_top_up(who, amount).id


def _close_earlier(who: Who, amount: Money, purchase: Wish | None = None) -> UUID | None:
    is_new = purchase and not was_asked(who)
    return intents.close_earlier(who, purchase, amount) if purchase and is_new else None


def _told(who: Who, top_up: TopUp) -> dict[str, Any]:
    plain = {name: getattr(top_up, name) for name in TopUpOut().fields}
    intent = intents.find_for(who, top_up.id)
    return {**plain, "purchase": _purchase(intent) if intent else None}


def _purchase(intent: PurchaseIntent) -> dict[str, Any]:
    why = refusal_of_word(intent.refused) if intent.refused else None
    return {
        "lead_id": intent.lead_id,
        "quoted_price": intent.price,
        "state": intent.state,
        "order_id": intent.order_id,
        "refused": {"code": why.code, "message": str(why), "fields": {}} if why else None,
    }

"""A buyer's wallet: what can be spent, and how money comes in."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from marketplace import billing, orders
from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.balance import CurrencyIn, StatementIn, currency_of
from marketplace.api.v1.shapes import page_of
from marketplace.billing import TopUp, oversight, promos
from marketplace.billing.schemas import StatementLineOut, TopUpIn, TopUpOut
from marketplace.kit import limits
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page
from marketplace.ledger import StatementLine

resource = Resource("wallet", "Wallet")

_TOP_UPS_AN_HOUR = limits.Limit("top_ups", 60, 3600)


class WalletOut(Schema):
    """In minor units. `held` is paid for leads whose window is open; `promo` was given, not paid in;
    `frozen` waits for the end of a chargeback.
    """

    currency = fields.String(required=True)
    available = fields.Integer(required=True)
    held = fields.Integer(required=True)
    promo = fields.Integer(required=True)
    frozen = fields.Integer(required=True)
    currencies = fields.List(fields.String(), required=True)


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
        "currencies": known,
    }


@resource.get("/wallet/entries")
@resource.arguments(StatementIn, location="query")
@resource.response(200, page_of(StatementLineOut))
def entries(query: dict[str, Any]) -> Page[StatementLine]:
    """Your wallet line by line, newest first"""
    who = caller()
    return billing.wallet_statement(who, currency_of(query, billing.wallet_currencies(who)), query["ask"])


@resource.post("/wallet/top-ups")
@takes_key
@resource.arguments(TopUpIn)
@resource.response(201, TopUpOut)
def top_up(wanted: dict[str, Any]) -> TopUp:
    """Put money into the wallet

    The card is asked for at `checkout_url`; the money is there when the payment is confirmed.
    """
    who = caller()
    with transaction():
        limits.spend(_TOP_UPS_AN_HOUR, str(who.org_id))
    return billing.open_checkout(who, lambda: once(who, lambda: billing.ask_top_up(who, wanted["amount"]).id))


@resource.get("/wallet/top-ups/<uuid:top_up_id>")
@resource.response(200, TopUpOut)
def one_top_up(top_up_id: UUID) -> TopUp:
    """How a top-up stands"""
    return billing.find_for(caller(), top_up_id)

"""What an agency has earned."""

from typing import Any

from marshmallow import Schema, fields, validate

from marketplace import billing, orders
from marketplace.api.caller import caller
from marketplace.api.resource import Resource
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.billing import payouts
from marketplace.billing.queries import DEFAULT_CURRENCY
from marketplace.billing.schemas import StatementLineOut
from marketplace.kit.paging import Page
from marketplace.ledger import StatementLine

resource = Resource("balance", "Balance")


class CurrencyIn(Schema):
    currency = fields.String(validate=validate.Length(3, 3), metadata={"description": "ISO 4217; yours by default."})


class StatementIn(PageIn, CurrencyIn):
    pass


class BalanceOut(Schema):
    """In minor units. `payable` is yours, `reserve` comes later, `held_for_you` is still in its window."""

    currency = fields.String(required=True)
    payable = fields.Integer(required=True)
    reserve = fields.Integer(required=True)
    payout_inflight = fields.Integer(required=True)
    held_for_you = fields.Integer(required=True)
    currencies = fields.List(fields.String(), required=True)


@resource.get("/balance")
@resource.arguments(CurrencyIn, location="query")
@resource.response(200, BalanceOut)
def balance(query: dict[str, Any]) -> dict[str, Any]:
    """What is yours, what comes later, and what is held"""
    who = caller()
    known = billing.balance_currencies(who)
    currency = currency_of(query, known)
    return {
        "currency": currency,
        "payable": billing.payable_for(who, currency),
        "reserve": orders.reserve_for(who, currency),
        "payout_inflight": payouts.payout_inflight_for(who, currency),
        "held_for_you": orders.held_for(who, currency),
        "currencies": known,
    }


@resource.get("/balance/entries")
@resource.arguments(StatementIn, location="query")
@resource.response(200, page_of(StatementLineOut))
def entries(query: dict[str, Any]) -> Page[StatementLine]:
    """Your earnings line by line, newest first"""
    who = caller()
    return billing.balance_statement(who, currency_of(query, billing.balance_currencies(who)), query["ask"])


def currency_of(query: dict[str, Any], known: list[str]) -> str:
    """The currency asked for; without a wish the usual one, or the first that there is."""
    usual = DEFAULT_CURRENCY if DEFAULT_CURRENCY in known else known[0]
    return str(query.get("currency", usual))

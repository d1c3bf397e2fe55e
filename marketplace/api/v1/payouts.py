"""An agency's payouts, and where they go."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from marketplace import billing
from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.balance import currency_of
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.billing import payouts as paying
from marketplace.billing.payout_wording import hold_of, needs_of
from marketplace.billing.payouts import LEAST, PayoutAccount, PayoutLine, PayoutState
from marketplace.kit import limits
from marketplace.kit.db import transaction
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Page
from marketplace.kit.schemas import MoneyField

resource = Resource("payouts", "Payouts")

_LINKS_AN_HOUR = limits.Limit("payout_account_links", 30, 3600)


class PayoutIn(Schema):
    """How much is wanted: at least 25.00. Without an amount everything that is payable, in your usual currency."""

    amount = MoneyField(least=LEAST)
    currency = fields.String(validate=validate.Length(3, 3), metadata={"description": "For all of it in this one."})

    @validates_schema
    def _one_of_them(self, given: dict[str, Any], **_options: object) -> None:
        if "amount" in given and given.get("currency", given["amount"].currency) != given["amount"].currency:
            raise ValidationError(_("This is another currency than that of the amount."), "currency")


class PayoutsIn(PageIn):
    state = fields.String(validate=validate.OneOf([state.value for state in PayoutState]))


class PayoutOut(Schema):
    """A payout. `why` says why it was not made (`canceled`), or why the bank sent it back (`failed`).

    `expected_at` is when the bank should have it.
    """

    id = fields.UUID(required=True, attribute="payout.id")
    agency_id = fields.UUID(required=True, attribute="payout.org_id")
    agency = fields.String(required=True)
    state = fields.String(required=True, attribute="payout.state")
    amount = MoneyField(required=True, attribute="payout.amount")
    returned = MoneyField(required=True, attribute="payout.returned")
    why = fields.String(required=True, allow_none=True, attribute="payout.why")
    bank_last4 = fields.String(required=True, allow_none=True, attribute="payout.bank_last4")
    created_at = fields.AwareDateTime(required=True, attribute="payout.created_at")
    sent_at = fields.AwareDateTime(required=True, allow_none=True, attribute="payout.sent_at")
    expected_at = fields.AwareDateTime(required=True, allow_none=True, attribute="payout.expected_at")
    ended_at = fields.AwareDateTime(required=True, allow_none=True, attribute="payout.ended_at")


class NeedOut(Schema):
    """One thing that Stripe wants to know, in its own word, in ours, and from whom."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    waits_for = fields.String(required=True, validate=validate.OneOf(["user", "stripe"]))


class HoldOut(Schema):
    """Why payouts wait although Stripe would take them; without `until` we have to look first."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    until = fields.AwareDateTime(required=True, allow_none=True)


class NextPayoutOut(Schema):
    """When you are paid next: `at` is null while that cannot be said, `code` and `message` say what stands against it
    now.
    """

    at = fields.AwareDateTime(required=True, allow_none=True)
    payable = MoneyField(required=True)
    code = fields.String(required=True, allow_none=True)
    message = fields.String(required=True, allow_none=True)


class PayoutAccountOut(Schema):
    """Where you are paid to: `none` before you have asked for it, `ready` when nothing is missing."""

    state = fields.String(required=True)
    country = fields.String(required=True, allow_none=True)
    bank_last4 = fields.String(required=True, allow_none=True)
    needs = fields.List(fields.Nested(NeedOut), required=True)
    hold = fields.Nested(HoldOut, required=True, allow_none=True)
    next_payout = fields.Nested(NextPayoutOut, required=True)


class LinkOut(Schema):
    """The address of Stripe's own page; for one use, within a few minutes."""

    url = fields.String(required=True)


@resource.get("/payouts")
@resource.arguments(PayoutsIn, location="query")
@resource.response(200, page_of(PayoutOut))
def payouts(query: dict[str, Any]) -> Page[PayoutLine]:
    """Your payouts, newest first"""
    return paying.payouts_for(caller(), query["ask"], [query["state"]] if "state" in query else [])


@resource.post("/payouts")
@takes_key
@resource.arguments(PayoutIn)
@resource.response(201, PayoutOut)
def ask(wanted: dict[str, Any]) -> PayoutLine:
    """Have your earnings paid out

    They are reserved at once and sent a moment later.
    """
    who = caller()
    amount = wanted.get("amount")
    currency = amount.currency if amount else currency_of(wanted, billing.balance_currencies(who))
    with transaction():
        made = once(who, lambda: paying.ask_payout(who, currency, amount).id)
        return paying.payout_for(who, made)


@resource.get("/payouts/<uuid:payout_id>")
@resource.response(200, PayoutOut)
def one(payout_id: UUID) -> PayoutLine:
    """How a payout stands"""
    return paying.payout_for(caller(), payout_id)


@resource.get("/payout-account")
@resource.response(200, PayoutAccountOut)
def account() -> dict[str, Any]:
    """Where you are paid to, what is missing, and when you are paid next"""
    who = caller()
    found = paying.payout_account_for(who)
    outlook = paying.outlook_for(who, billing.balance_currencies(who)[0])
    why = outlook.why_not
    return {
        **_told(found),
        "next_payout": {
            "at": outlook.at,
            "payable": outlook.payable,
            "code": why.code if why else None,
            "message": str(why) if why else None,
        },
    }


@resource.post("/payout-account")
@takes_key
@resource.response(201, LinkOut)
def link() -> dict[str, str]:
    """Get the address at which you tell Stripe who you are and where your bank is

    Your account at Stripe is opened with the first one.
    """
    who = caller()
    with transaction():
        limits.spend(_LINKS_AN_HOUR, str(who.org_id))
    return {"url": paying.onboarding_link(who)}


def _told(found: PayoutAccount | None) -> dict[str, Any]:
    if found is None:
        return {"state": "none", "country": None, "bank_last4": None, "needs": [], "hold": None}
    return {
        "state": found.state,
        "country": found.country,
        "bank_last4": found.bank_last4,
        "needs": needs_of(found),
        "hold": hold_of(found),
    }

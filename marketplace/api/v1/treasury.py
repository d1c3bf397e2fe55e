"""Payouts and our own money, as staff act on them."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.payouts import PayoutOut
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.billing import payouts as paying
from marketplace.billing import treasury
from marketplace.billing.payouts import AccountLine, PayoutLine
from marketplace.billing.treasury import Sweep
from marketplace.billing.treasury_schemas import AgencyAccountOut, ReasonIn, SweepIn, SweepOut, TreasuryOut
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page

resource = Resource("treasury", "Staff")


class AccountsIn(PageIn):
    held_only = fields.Boolean(load_default=False, metadata={"description": "Only those that nothing is paid to."})


@resource.get("/payout-accounts")
@resource.arguments(AccountsIn, location="query")
@resource.response(200, page_of(AgencyAccountOut))
def accounts(query: dict[str, Any]) -> Page[AccountLine]:
    """Where agencies are paid to, newest first"""
    return paying.accounts_for(caller(), **query)


@resource.get("/payout-accounts/<uuid:org_id>")
@resource.response(200, AgencyAccountOut)
def account(org_id: UUID) -> AccountLine:
    """Where one agency is paid to"""
    return paying.account_line_for(caller(), org_id)


@resource.post("/payout-accounts/<uuid:org_id>/hold")
@takes_key
@resource.arguments(ReasonIn)
@resource.response(200, AgencyAccountOut)
def hold(wanted: dict[str, Any], org_id: UUID) -> AccountLine:
    """Stop payouts to an agency until you let them go again"""
    who = caller()
    with transaction():
        once(who, lambda: paying.hold_account(who, org_id, wanted["reason"]).id)
        return paying.account_line_for(who, org_id)


@resource.post("/payout-accounts/<uuid:org_id>/release")
@takes_key
@resource.arguments(ReasonIn)
@resource.response(200, AgencyAccountOut)
def let_go(wanted: dict[str, Any], org_id: UUID) -> AccountLine:
    """Let payouts to an agency go on: you have checked that all is well"""
    who = caller()
    with transaction():
        once(who, lambda: paying.let_account_go(who, org_id, wanted["reason"]).id)
        return paying.account_line_for(who, org_id)


@resource.post("/payouts/<uuid:payout_id>/reversal")
@takes_key
@resource.arguments(ReasonIn)
@resource.response(202, PayoutOut)
def take_back(wanted: dict[str, Any], payout_id: UUID) -> PayoutLine:
    """Take back what no bank has taken of a payout

    Stripe is asked a moment later; `returned` grows when it has come back.
    """
    who = caller()
    with transaction():
        return paying.payout_for(who, once(who, lambda: paying.take_back(who, payout_id, wanted["reason"]).id))


@resource.get("/treasury")
@resource.response(200, TreasuryOut)
def balances() -> dict[str, Any]:
    """Our own money at Stripe: what Stripe says, what our books say, and what may be swept"""
    who = caller()
    return {"items": treasury.treasury_for(who), "unmatched": treasury.unmatched_for(who)}


@resource.get("/sweeps")
@resource.arguments(PageIn, location="query")
@resource.response(200, page_of(SweepOut))
def sweeps(query: dict[str, Any]) -> Page[Sweep]:
    """What was sent to our own bank, newest first"""
    return treasury.sweeps_for(caller(), query["ask"])


@resource.post("/sweeps")
@takes_key
@resource.arguments(SweepIn)
@resource.response(201, SweepOut)
def sweep(wanted: dict[str, Any]) -> Sweep:
    """Send some of what is our own to our bank"""
    who = caller()
    with transaction():
        made = once(who, lambda: treasury.ask_sweep(who, wanted["amount"], wanted["reason"]).id)
        return treasury.sweep_for(who, made)

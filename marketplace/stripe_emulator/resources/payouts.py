"""Payouts: from a balance at Stripe to the account's bank."""

from marketplace.stripe_emulator.connect import payouts
from marketplace.stripe_emulator.protocol.errors import InvalidParameter, NotPossible
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import (
    choice,
    currency,
    integer,
    merged,
    metadata,
    shape,
    text,
)
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import balance, events, external_accounts
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("payouts")
_CREATE = shape(
    ("amount", "currency"),
    amount=integer(1, 99_999_999),
    currency=currency(),
    description=text(),
    destination=text(),
    metadata=metadata(),
    method=choice("standard"),
    statement_descriptor=text(22),
)
_UPDATE = shape(metadata=metadata())
_LIST = list_params(destination=text(), status=choice("canceled", "failed", "in_transit", "paid", "pending"))


@resource.post("/payouts")
def create(work: Work, params: Json) -> Json:
    given = _CREATE(params, "")
    bank = external_accounts.current(work)
    if bank is None or given.get("destination", bank["id"]) != bank["id"]:
        raise InvalidParameter("No such external account", code="resource_missing", param="destination")
    balance.check(
        work,
        given["currency"],
        given["amount"],
        "You have insufficient funds in your Stripe account for this payout. Your available balance is too low.",
    )
    return payouts.make(work, bank, given)


@resource.get("/payouts/<payout_id>")
def retrieve(work: Work, _params: Json, payout_id: str) -> Json:
    return work.get("payout", payout_id)


@resource.get("/payouts")
def list_payouts(work: Work, params: Json) -> Json:
    return page(work, "payout", "/v1/payouts", _LIST(params, ""))


@resource.post("/payouts/<payout_id>")
def update(work: Work, params: Json, payout_id: str) -> Json:
    given = _UPDATE(params, "")
    payout = work.get("payout", payout_id)
    work.change(payout, metadata=merged(payout["metadata"], given.get("metadata", {})))
    events.record(work, "payout.updated", payout)
    return payout


@resource.post("/payouts/<payout_id>/cancel")
def cancel(work: Work, _params: Json, payout_id: str) -> Json:
    payout = work.get("payout", payout_id)
    if payout["status"] != "pending" or payout["automatic"]:
        raise NotPossible("Payouts can only be canceled when they are pending and were not made automatically.")
    return payouts.cancel(work, payout)

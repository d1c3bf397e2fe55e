"""Disputes: what a program may do about a payment that its payer takes back."""

from marketplace.stripe_emulator.paying import disputes
from marketplace.stripe_emulator.protocol.errors import NotPossible
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import boolean, merged, metadata, shape, text
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("disputes")
_UPDATE = shape(
    evidence=shape(**{name: text(20_000) for name in disputes.EVIDENCE}), metadata=metadata(), submit=boolean()
)
_LIST = list_params(charge=text(), payment_intent=text())


@resource.get("/disputes/<dispute_id>")
def retrieve(work: Work, _params: Json, dispute_id: str) -> Json:
    return work.get("dispute", dispute_id)


@resource.get("/disputes")
def list_disputes(work: Work, params: Json) -> Json:
    return page(work, "dispute", "/v1/disputes", _LIST(params, ""))


@resource.post("/disputes/<dispute_id>")
def update(work: Work, params: Json, dispute_id: str) -> Json:
    """Evidence is submitted at once unless `submit` is false. Metadata can be changed at any time."""
    given = _UPDATE(params, "")
    dispute = work.get("dispute", dispute_id)
    dispute["metadata"] = merged(dispute["metadata"], given.get("metadata", {}))
    if "evidence" in given or "submit" in given:
        return disputes.answer(work, dispute, {"evidence": {}} | given)
    work.change(dispute)
    events.record(work, "charge.dispute.updated", dispute)
    return dispute


@resource.post("/disputes/<dispute_id>/close")
def close(work: Work, _params: Json, dispute_id: str) -> Json:
    """Give in: it is lost."""
    dispute = work.get("dispute", dispute_id)
    if dispute["status"] != "needs_response":
        raise NotPossible(f"Disputes can only be closed while they need a response; this one is {dispute['status']}.")
    return disputes.lose(work, dispute)

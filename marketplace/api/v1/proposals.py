"""Acts on money that two members of staff do together."""

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from marketplace.api.caller import caller
from marketplace.api.once import once
from marketplace.api.resource import Resource, takes_key
from marketplace.api.v1.shapes import PageIn, page_of
from marketplace.billing import Proposal, ProposalState, proposals
from marketplace.billing.proposal_schemas import ProposalIn, ProposalOut, RefusalIn, asked
from marketplace.kit.db import transaction
from marketplace.kit.paging import Page

resource = Resource("proposals", "Staff")


class ProposalsIn(PageIn):
    state = fields.String(validate=validate.OneOf([state.value for state in ProposalState]))


@resource.get("/proposals")
@resource.arguments(ProposalsIn, location="query")
@resource.response(200, page_of(ProposalOut))
def all_proposals(query: dict[str, Any]) -> Page[Proposal]:
    """What staff want booked by hand, newest first"""
    return proposals.proposals_for(caller(), query["ask"], state=query.get("state"))


@resource.post("/proposals")
@takes_key
@resource.arguments(ProposalIn)
@resource.response(201, ProposalOut)
def propose(wanted: dict[str, Any]) -> Proposal:
    """Propose an act on money

    Goodwill and promo money of up to 100.00 are booked at once, counted together with what you gave alone within 24
    hours, and to the same party within 30 days; everything else waits for another member of staff.
    """
    who = caller()
    with transaction():
        made = once(who, lambda: proposals.propose(who, **asked(wanted)).id)
        return proposals.proposal_for(who, made)


@resource.post("/proposals/<uuid:proposal_id>/approval")
@takes_key
@resource.response(200, ProposalOut)
def approve(proposal_id: UUID) -> Proposal:
    """Agree, as another person than who proposed it: it is booked at once"""
    who = caller()
    with transaction():
        return proposals.proposal_for(who, once(who, lambda: proposals.approve(who, proposal_id).id))


@resource.post("/proposals/<uuid:proposal_id>/refusal")
@takes_key
@resource.arguments(RefusalIn)
@resource.response(200, ProposalOut)
def refuse(wanted: dict[str, Any], proposal_id: UUID) -> Proposal:
    """Say no, or take your own proposal back"""
    who = caller()
    with transaction():
        return proposals.proposal_for(who, once(who, lambda: proposals.refuse(who, proposal_id, wanted["reason"]).id))

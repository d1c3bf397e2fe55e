"""What buyers can buy now, behind its mask."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from marketplace import market
from marketplace.api.caller import caller
from marketplace.api.resource import Resource
from marketplace.api.v1.shapes import MaskedLeadOut, PageIn, ScoreOut, page_of
from marketplace.kit.paging import Page
from marketplace.kit.schemas import MoneyField
from marketplace.market import Filters, FiltersIn
from marketplace.market.queries import FACETS
from marketplace.quality import prices, scores
from marketplace.quality.temperature import Temperature, measured_of

resource = Resource("catalogue", "Catalogue")

#: how many leads there are for each value of a filter, with all other filters applied
_COUNTS = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
FacetsOut = Schema.from_dict(dict.fromkeys(FACETS, _COUNTS), name="Facets")


class AfterRefundsOut(Schema):
    """What such a lead costs on average once refunds are back, with its 80 % interval.

    `expected_fault` is the share of the agency's leads that is expected to be bad, judged by `leads` of which
    the end is known.
    """

    price = MoneyField(required=True)
    low = MoneyField(required=True)
    high = MoneyField(required=True)
    expected_fault = fields.Float(required=True)
    leads = fields.Integer(required=True)


class WarmthOut(Schema):
    """What became of leads of this listing and channel; `measured` is null while `sold` is below `needed`."""

    measured = fields.String(
        required=True, allow_none=True, validate=validate.OneOf([each.value for each in Temperature])
    )
    sold = fields.Integer(required=True)
    bought = fields.Integer(required=True)
    needed = fields.Integer(required=True)


class OfferOut(MaskedLeadOut):
    """One lead on sale. `after_refunds` is null where it is paid by the sale."""

    after_refunds = fields.Nested(AfterRefundsOut, required=True, allow_none=True)
    temperature_measured = fields.Nested(WarmthOut, required=True)
    score = fields.Nested(ScoreOut, required=True)


@resource.get("/catalog/leads")
@resource.arguments(FiltersIn, location="query")
@resource.arguments(PageIn, location="query")
@resource.response(200, page_of(MaskedLeadOut))
def browse(filters: Filters, query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Leads on sale that you have not bought"""
    found = market.browse(caller(), filters, query["ask"])
    return Page([lead.to_json() for lead in found.items], found.next_cursor)


@resource.get("/catalog/leads/<uuid:lead_id>")
@resource.response(200, OfferOut)
def one_lead(lead_id: UUID) -> dict[str, Any]:
    """One lead on sale"""
    masked = market.find_for(caller(), lead_id)
    return {
        **masked.to_json(),
        "after_refunds": None if masked.listing.per_sale else prices.after_refunds_of(masked.agency.id, masked.price),
        "temperature_measured": measured_of(masked.lead).to_json(),
        "score": scores.told_of(masked.lead).to_json(),
    }


@resource.get("/catalog/facets")
@resource.arguments(FiltersIn, location="query")
@resource.response(200, FacetsOut)
def facets(filters: Filters) -> Mapping[str, Mapping[str, int]]:
    """Counts for each filter"""
    return market.counts(caller(), filters).facets

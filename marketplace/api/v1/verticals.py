"""Trades and their fields: for anybody."""

from typing import Any

from marshmallow import Schema, fields

from marketplace.api.resource import Resource
from marketplace.api.v1.shapes import page_of
from marketplace.catalog import VERTICALS, Vertical, vertical
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Page

resource = Resource("verticals", "Verticals", is_public=True)


class VerticalOut(Schema):
    """A trade. Leads older than `max_age_days` are not taken; a sensitive one is sold to verified buyers only."""

    slug = fields.String(required=True)
    title = fields.String(required=True)
    max_age_days = fields.Integer(required=True)
    is_sensitive = fields.Boolean(required=True)


class VerticalWithSchemaOut(VerticalOut):
    """`schema` is the JSON Schema of a lead's answers; `x-preview` says what a buyer sees before purchase."""

    schema = fields.Dict(required=True)


@resource.get("/verticals")
@resource.doc(security=[])
@resource.response(200, page_of(VerticalOut))
def all_verticals() -> Page[dict[str, Any]]:
    """Every trade"""
    return Page([_told(each) for each in VERTICALS.values()], None)


@resource.get("/verticals/<slug>")
@resource.doc(security=[])
@resource.response(200, VerticalWithSchemaOut)
def one_vertical(slug: str) -> dict[str, Any]:
    """A trade with the schema of its fields"""
    found = vertical(slug)
    return {**_told(found), "schema": found.schema}


def _told(trade: Vertical) -> dict[str, Any]:
    return {
        "slug": trade.slug,
        "title": _(trade.title),
        "max_age_days": trade.max_age_days,
        "is_sensitive": trade.is_sensitive,
    }

"""What may come in with a top-up that is to pay a lead."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from marketplace.kit.schemas import MoneyField
from marketplace.orders.intents.actions import Wish
from marketplace.orders.schemas import MOST_VERSIONS


class WishIn(Schema):
    """The lead that is to be bought with the money, at the price you saw; `terms_version` as for `POST /orders`."""

    lead_id = fields.UUID(required=True)
    quoted_price = MoneyField(required=True, least=1)
    terms_version = fields.Integer(strict=True, validate=validate.Range(1, MOST_VERSIONS))

    @post_load
    def _wish(self, data: dict[str, Any], **_kwargs: Any) -> Wish:
        return Wish(data["lead_id"], data["quoted_price"], data.get("terms_version"))

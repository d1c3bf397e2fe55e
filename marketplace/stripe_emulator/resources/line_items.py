"""Line items: what a checkout session sells, with a price made on the spot."""

from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.errors import InvalidParameter
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work


def build_line_items(work: Work, given: list[Json]) -> list[Json]:
    """The items of one session, all in one currency."""
    if not given:
        raise InvalidParameter("Missing required param: line_items.", code="parameter_missing", param="line_items")
    if len({item["price_data"]["currency"] for item in given}) > 1:
        raise InvalidParameter("All line items must have the same currency.", param="line_items")
    return [_item(work, item["price_data"], item.get("quantity", 1)) for item in given]


def _item(work: Work, price: Json, quantity: int) -> Json:
    amount = price["unit_amount"] * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": price["product_data"]["name"],
        "metadata": {},
        "price": _price(work, price),
        "quantity": quantity,
    }


def _price(work: Work, price: Json) -> Json:
    return {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": work.now,
        "currency": price["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": new_id("prod", 14),
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": str(price["unit_amount"]),
    }

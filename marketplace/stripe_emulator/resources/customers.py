"""Customers: who pays."""

from marketplace.stripe_emulator.ids import new_id, random_text
from marketplace.stripe_emulator.params import metadata, shape, text
from marketplace.stripe_emulator.resource import Resource
from marketplace.stripe_emulator.resources import events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("customers")
ADDRESS = shape(city=text(), country=text(2), line1=text(), line2=text(), postal_code=text(), state=text())
_CREATE = shape(
    address=ADDRESS,
    description=text(),
    email=text(512),
    metadata=metadata(),
    name=text(256),
    phone=text(20),
)


@resource.post("/customers")
def create(work: Work, params: Json) -> Json:
    customer = work.add(_build(work, _CREATE(params, "")))
    events.record(work, "customer.created", customer)
    return customer


@resource.get("/customers/<customer_id>")
def retrieve(work: Work, _params: Json, customer_id: str) -> Json:
    return work.get("customer", customer_id)


_NULL = (  # until something fills them
    "currency",
    "default_source",
    "discount",
    "shipping",
    "test_clock",
)


def _build(work: Work, given: Json) -> Json:
    no_address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    return {
        "id": new_id("cus", 14),
        "object": "customer",
        **dict.fromkeys(_NULL),
        "address": no_address | given["address"] if "address" in given else None,
        "balance": 0,
        "created": work.now,
        "delinquent": False,
        "description": given.get("description"),
        "email": given.get("email"),
        "invoice_prefix": random_text(8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "name": given.get("name"),
        "next_invoice_sequence": 1,
        "phone": given.get("phone"),
        "preferred_locales": [],
        "tax_exempt": "none",
    }

"""Customers: who pays."""

from marketplace.stripe_emulator.ids import new_id, random_text
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import merged, metadata, shape, text
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.protocol.search import search
from marketplace.stripe_emulator.resources import events
from marketplace.stripe_emulator.resources.payment_methods import checked_owner
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("customers")
ADDRESS = shape(city=text(), country=text(2), line1=text(), line2=text(), postal_code=text(), state=text())
_FIELDS = {
    "address": ADDRESS,
    "description": text(),
    "email": text(512),
    "metadata": metadata(),
    "name": text(256),
    "phone": text(20),
}
_CREATE = shape(**_FIELDS)
_UPDATE = shape(**_FIELDS, invoice_settings=shape(default_payment_method=text()))
_LIST = list_params(email=text(512))
_SEARCHABLE = frozenset({"created", "email", "name", "phone"})


@resource.post("/customers")
def create(work: Work, params: Json) -> Json:
    return add(work, _CREATE(params, ""))


def add(work: Work, given: Json) -> Json:
    """A new customer with these fields."""
    customer = work.add(_build(work, given))
    events.record(work, "customer.created", customer)
    return customer


@resource.get("/customers/search")
def search_customers(work: Work, params: Json) -> Json:
    return search(work, "customer", "/v1/customers/search", _SEARCHABLE, params)


@resource.get("/customers/<customer_id>")
def retrieve(work: Work, _params: Json, customer_id: str) -> Json:
    return work.get("customer", customer_id)


@resource.get("/customers")
def list_customers(work: Work, params: Json) -> Json:
    return page(work, "customer", "/v1/customers", _LIST(params, ""))


@resource.post("/customers/<customer_id>")
def update(work: Work, params: Json, customer_id: str) -> Json:
    given = _UPDATE(params, "")
    customer = work.get("customer", customer_id)
    settings = customer["invoice_settings"] | given.pop("invoice_settings", {})
    if method_id := settings["default_payment_method"]:
        checked_owner(work.get("payment_method", method_id, param="payment_method"), customer_id)
    if "address" in given:
        given["address"] = _NO_ADDRESS | given["address"]
    given["metadata"] = merged(customer["metadata"], given.get("metadata", {}))
    work.change(customer, **given, invoice_settings=settings)
    events.record(work, "customer.updated", customer)
    return customer


_NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
_NULL = (  # until something fills them
    "currency",
    "default_source",
    "discount",
    "shipping",
    "test_clock",
)


def _build(work: Work, given: Json) -> Json:
    return {
        "id": new_id("cus", 14),
        "object": "customer",
        **dict.fromkeys(_NULL),
        "address": _NO_ADDRESS | given["address"] if "address" in given else None,
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
        "metadata": merged({}, given.get("metadata", {})),
        "name": given.get("name"),
        "next_invoice_sequence": 1,
        "phone": given.get("phone"),
        "preferred_locales": [],
        "tax_exempt": "none",
    }

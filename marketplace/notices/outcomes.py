"""The letter about a deferred lead whose day has come."""

from uuid import UUID

from marketplace import events
from marketplace.kit.db import session
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.notices.actions import write
from marketplace.notices.deals import News
from marketplace.orders import Order
from marketplace.people import Power, queries

_NEWS = News(
    ("buyer",),
    _l("It is time to return to a lead that you put off"),
    _l("You asked to be reminded of it today. Say afterwards how it went."),
    _l("Open the lead"),
)


def deferred_wanted(order_id: UUID) -> None:
    """To those of the buyer who act on orders; each reminder is a letter of its own."""
    order = session().get_one(Order, order_id)
    told = {"news": _NEWS, "facts": [(_l("Bought"), order.placed_at)], "path": f"/orders/{order_id}"}
    for event in events.history(order_id, "outcome.wanted_again"):
        for to in queries.addressees(order.buyer_id, Power.ORDERS_WRITE):
            write("deal_news", to, event.id, **told)

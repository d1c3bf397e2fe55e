"""An agency sends leads itself, one or many."""

from collections.abc import Sequence
from uuid import UUID

from marketplace import catalog
from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.leads.actions.receive import Received, receive
from marketplace.leads.errors import TooManyLeads
from marketplace.leads.rules import MOST_AT_ONCE
from marketplace.people import Power, Who


def send(who: Who, listing_id: UUID, leads: Sequence[object]) -> list[Received]:
    """Receive leads into one of the agency's open listings; whatever is no lead is a result of its own.

    Raises:
        NotFound, Forbidden, ListingNotOpen, TooManyLeads, Invalid: nothing was sent.
    """
    who.need(Power.LEADS_WRITE)
    listing = catalog.find_for(who, listing_id)
    if not listing.is_open:
        raise catalog.ListingNotOpen
    if not leads:
        raise Invalid(_("Send at least one lead."))
    if len(leads) > MOST_AT_ONCE:
        raise TooManyLeads
    return receive(listing, leads, by=who)

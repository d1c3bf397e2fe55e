"""An agency's own leads on a page: masked like for everybody else, with what has become of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace import catalog
from marketplace.catalog import Listing
from marketplace.checks import Alike, alike_of
from marketplace.kit import clock
from marketplace.kit.i18n import gettext as _
from marketplace.leads import Lead, LeadState
from marketplace.market import MaskedLead
from marketplace.people import Who, queries


@dataclass(frozen=True, slots=True)
class State:
    """Where something is, in a word or two, and how loudly it is said (a tone of the label)."""

    word: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class OwnLead:
    """One of the agency's leads. Nobody sees a contact detail after the upload, its agency neither."""

    masked: MaskedLead

    @property
    def lead(self) -> Lead:
        return self.masked.lead

    @property
    def listing(self) -> Listing:
        return self.masked.listing

    @property
    def state(self) -> State:
        """What has become of it."""
        lead = self.lead
        if lead.state != LeadState.AVAILABLE:
            return _ENDED[LeadState(lead.state)]()
        if lead.expires_at <= clock.now():
            return _ENDED[LeadState.EXPIRED]()
        if lead.slots_taken:
            return State(_("sold %(taken)s of %(all)s", taken=lead.slots_taken, all=lead.slots_total), "acc")
        return State(_("on sale")) if self.listing.is_open else State(_("listing closed"), "line")

    @property
    def alike(self) -> Alike | None:
        """An earlier lead of the agency that is much like it."""
        return alike_of(self.lead.checks)

    @property
    def can_be_withdrawn(self) -> bool:
        return self.lead.state == LeadState.AVAILABLE


_ENDED = {
    LeadState.SOLD_OUT: lambda: State(_("sold"), "acc"),
    LeadState.EXPIRED: lambda: State(_("expired"), "line"),
    LeadState.WITHDRAWN: lambda: State(_("withdrawn"), "line"),
}


def own_leads(who: Who, found: Sequence[Lead]) -> list[OwnLead]:
    """These leads of the agency, each with its listing."""
    agency = queries.find_for(who, who.org_id)
    listings = catalog.by_id_for(who, {lead.listing_id for lead in found})
    return [OwnLead(MaskedLead(lead, listings[lead.listing_id], agency)) for lead in found]

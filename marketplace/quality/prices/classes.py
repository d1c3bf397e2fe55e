"""What it is worth how far a person is: prices kept of IQL, MQL and SQL leads, against the usual lead of the trade."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from marketplace.catalog import Listing
from marketplace.checks import Qualification
from marketplace.kit.db import session
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import ngettext
from marketplace.leads import Lead
from marketplace.quality.prices.models import PriceClass
from marketplace.quality.pricing import Qualified

#: of so many of the newest leads the classes are looked at
_NEWEST = 2_000


@dataclass(frozen=True, slots=True)
class ClassMix:
    """How far the persons of some leads are: how many leads of each class."""

    leads: Mapping[str, int]

    @property
    def count(self) -> int:
        return sum(self.leads.values())

    def share(self, name: str) -> float:
        return self.leads.get(name, 0) / self.count if self.count else 0.0


def classes_of(trade: str) -> Sequence[PriceClass]:
    """What was counted of the trade, in rising order; classes without a kept price are not in it."""
    found = session().scalars(select(PriceClass).where(PriceClass.vertical == trade)).all()
    order = [*Qualification]
    return sorted(found, key=lambda each: order.index(Qualification(each.qualification)))


def mix_of(agency_id: UUID, trade: str, listing_id: UUID | None) -> ClassMix:
    """Of the newest leads of the agency's listing; where there are none, of its newest in the trade."""
    of_trade = select(Listing.id).where(Listing.agency_id == agency_id, Listing.vertical == trade)
    listings = session().scalars(of_trade).all()
    own = [each for each in listings if each == listing_id]
    return ClassMix(_counted(agency_id, own) or _counted(agency_id, listings))


def _counted(agency_id: UUID, listing_ids: Sequence[UUID]) -> Mapping[str, int]:
    # The listings are the agency's: that it is named lets an index bring its leads, the newest first.
    newest = (
        select(Lead.qualification)
        .where(Lead.agency_id == agency_id, Lead.listing_id.in_(listing_ids))
        .order_by(Lead.id.desc())
        .limit(_NEWEST)
        .subquery()
    )
    classes = select(newest.c.qualification, func.count()).where(newest.c.qualification.is_not(None))
    return dict(session().execute(classes.group_by(newest.c.qualification)).all())


def qualified_of(mix: ClassMix, classes: Sequence[PriceClass]) -> Qualified | None:
    """What this mix of leads is worth; None where no price of any of its classes is known."""
    known = [each for each in classes if mix.leads.get(each.qualification)]
    if not known:
        return None
    log_ratio = sum(mix.share(each.qualification) * each.log_ratio for each in known)
    parts = [_("%(part)s percent %(name)s", part=f"{mix.share(name):.0%}"[:-1], name=name) for name in _named(mix)]
    count = sum(each.count for each in known)
    text = ngettext(
        "%(parts)s; %(num)s price of such leads known",
        "%(parts)s; %(num)s prices of such leads known",
        count,
        parts=", ".join(parts),
    )
    return Qualified(log_ratio, str(text))


def _named(mix: ClassMix) -> list[str]:
    """The classes that are a half per cent of it or more, the highest first."""
    return [each.value for each in reversed(Qualification) if round(mix.share(each.value), 2) > 0]

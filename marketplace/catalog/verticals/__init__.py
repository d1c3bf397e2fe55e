"""Verticals: trades with their own questions, windows and limits. One file a trade, data only."""

from marketplace.catalog.verticals.education import EDUCATION
from marketplace.catalog.verticals.home_services import HOME_SERVICES
from marketplace.catalog.verticals.insurance import INSURANCE
from marketplace.catalog.verticals.trade import UnknownVertical, Vertical

__all__ = ["VERTICALS", "UnknownVertical", "Vertical", "vertical"]

VERTICALS: dict[str, Vertical] = {each.slug: each for each in (EDUCATION, HOME_SERVICES, INSURANCE)}


def vertical(slug: str) -> Vertical:
    """The trade with this slug. Raises UnknownVertical."""
    try:
        return VERTICALS[slug]
    except KeyError:
        raise UnknownVertical from None

"""The catalogue's list as a page shows it: filters with their counts, columns that sort, the way to the next page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID, uuid4

from flask import url_for

from marketplace import billing, market
from marketplace.kit.errors import Refusal
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import ngettext
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask, Page
from marketplace.market import Filters, MaskedLead
from marketplace.market.filters import GRADES
from marketplace.people import Who
from marketplace.quality import scores
from marketplace.quality.fraud import is_calibrated
from marketplace.web import words
from marketplace.web.offers import Offer, available, offer_of, owing

_PRICES = (10_00, 20_00, 30_00, 40_00, 50_00, 75_00, 100_00)
_SCORES = (80, 90, 95, 98)
_HOURS = (1, 6, 24, 72, 168, 720)
_DAY, _LAST_IN_HOURS = 24, 72


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter; `count` is how many leads there are with it, None where it is not counted."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter: its values, and which is chosen."""

    name: str
    label: str
    options: Sequence[Option]
    chosen: str

    @property
    def shown(self) -> str:
        return next((option.label for option in self.options if option.value == self.chosen), self.chosen)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of the catalogue.

    Attributes:
        purse: what the buyer can spend, in the one currency that can be bought together here.
        preview: the first lead, for the place beside the list.
        key: makes a second click on the bulk bar the same purchase.
        debt: why nothing can be bought, where the buyer owes us something.
        decided: how many outcomes are known, up to those that make a score a probability.
    """

    filters: Filters
    page: Page[MaskedLead]
    total: int
    chips: Sequence[Chip]
    purse: Money
    preview: Offer | None
    is_first: bool
    key: UUID
    debt: Refusal | None
    decided: int

    @property
    def is_calibrated(self) -> bool:
        return is_calibrated(self.decided)

    @property
    def shows_sales(self) -> bool:
        """Whether anything here has a chance of being bought by the person."""
        return any(item.p_convert is not None for item in self.page.items)

    @property
    def clear(self) -> str:
        """The address without filters, empty when there are none."""
        return "" if self.filters.is_empty else address_of(Filters(sort=self.filters.sort))

    @property
    def first(self) -> str:
        return "" if self.is_first else address_of(self.filters)

    @property
    def next(self) -> str:
        return address_of(self.filters, self.page.next_cursor) if self.page.next_cursor else ""

    def sorted_by(self, sort: Any) -> str:
        """The same leads in another order."""
        return address_of(replace(self.filters, sort=sort))


def shelf_of(who: Who, filters: Filters, ask: Ask) -> Shelf:
    """What is on sale for this buyer. Raises Forbidden, Invalid."""
    page = market.browse(who, filters, ask)
    counts = market.counts(who, filters)
    currency = filters.currency or _currency(who, page)
    return Shelf(
        filters=filters,
        page=page,
        total=counts.total,
        chips=[chip for chip in _chips(filters, counts.facets, currency) if len(chip.options) > 1 or chip.chosen],
        purse=available(who, currency),
        preview=offer_of(who, page.items[0]) if page.items else None,
        is_first=ask.cursor is None,
        key=uuid4(),
        debt=owing(billing.debts_for(who)),
        decided=scores.decided(),
    )


def address_of(filters: Filters, cursor: str | None = None) -> str:
    """The address of these filters: only what differs from the plain catalogue stands in it."""
    plain = Filters()
    changed = {field.name: getattr(filters, field.name) for field in fields(filters)}
    told = {name: _in_address(value) for name, value in changed.items() if value != getattr(plain, name)}
    return url_for("catalog.index", **told, cursor=cursor)


def _currency(who: Who, page: Page[MaskedLead]) -> str:
    """The wallet's own currency if anything here costs it, else that of the first lead."""
    own = billing.wallet_currencies(who)[0]
    here = [item.price.currency for item in page.items]
    return own if own in here or not here else here[0]


def _chips(filters: Filters, facets: Mapping[str, Mapping[str, int]], currency: str) -> list[Chip]:
    counted: list[tuple[str, str, Callable[[str], str]]] = [
        ("vertical", _("Trade"), words.trade),
        ("country", _("Country"), words.country),
        ("region", _("Place"), str),
        ("currency", _("Currency"), str),
        ("exclusivity", _("Offer"), _offer),
        ("temperature", _("Temperature"), words.temperature),
        ("contact_type", _("Contact"), words.contact_type),
        ("qualification", _("Qualified"), str),
    ]
    found = [_counted(name, label, word, filters, facets[name]) for name, label, word in counted]
    prices = [Option(str(cents), _("up to %(price)s", price=Money(cents, currency))) for cents in _PRICES]
    ages = [Option(str(hours), _under(hours)) for hours in _HOURS]
    price = Chip("max_price", _("Price"), prices, _text(filters.max_price))
    age = Chip("fresh_hours", _("Age"), ages, _text(filters.fresh_hours))
    least = [Option(str(score), _("%(score)s percent or more", score=score)) for score in _SCORES]
    real = Chip("min_score", _("Real"), least, "" if filters.min_score is None else f"{filters.least_bp / 100:g}")
    grades = [Option(grade, _("%(grade)s or better", grade=grade) if grade != "A" else grade) for grade in GRADES[:-1]]
    rated = Chip("min_grade", _("Agency"), grades, _text(filters.min_grade))
    return [*found[:3], price, real, rated, *found[3:], age]


def _counted(name: str, label: str, word: Callable[[str], str], filters: Filters, counts: Mapping[str, int]) -> Chip:
    chosen = _text(getattr(filters, name))
    known = {**counts} if not chosen or chosen in counts else {chosen: 0, **counts}
    return Chip(name, label, [Option(value, word(value), count) for value, count in known.items()], chosen)


def _offer(code: str) -> str:
    return str(_("Exclusive") if code == "exclusive" else _("Shared"))


def _under(hours: int) -> str:
    if hours < _LAST_IN_HOURS:
        return str(ngettext("under %(count)s hour", "under %(count)s hours", hours, count=hours))
    days = hours // _DAY
    return str(ngettext("under %(count)s day", "under %(count)s days", days, count=days))


def _in_address(value: Any) -> Any:
    """A whole number is written without its decimal point."""
    return f"{value:g}" if isinstance(value, float) else value


def _text(value: object) -> str:
    return "" if value is None else str(value)

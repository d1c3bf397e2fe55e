"""The page of an import that runs or has ended: how far it is, what became of its rows, what to do about the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace import catalog, leads, orders
from marketplace.catalog import Listing, vertical
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import ngettext
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.leads import Import, ImportState, imports
from marketplace.leads.imports import Pace
from marketplace.leads.reading import IGNORE
from marketplace.people import Who
from marketplace.web.file_words import RowReason, delimiter, encoding, row_reason
from marketplace.web.shapes import number, percent, span
from marketplace.web.stock import OwnLead, own_leads

_FIRST = 6
_EARLIER = 5
_UNFINISHED = (ImportState.RUNNING, ImportState.PAUSED)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that became no lead: its line in the file, and every reason in words."""

    number: int
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Run:
    """Everything on the page.

    Attributes:
        reasons: how many rows were rejected for each first reason, most first.
        sold: how many sales the leads of this file have brought, and for how much, in each currency.
    """

    row: Import
    listing: Listing
    is_mine: bool
    pace: Pace | None
    reasons: Sequence[tuple[RowReason, int]]
    rejected: Sequence[RejectedRow]
    accepted: Sequence[OwnLead]
    sold: Sequence[tuple[int, Money]]
    earlier: Sequence[Import]

    @property
    def title(self) -> str:
        """What is the case, for the heading and the window."""
        return _TITLES[ImportState(self.row.state)](self)

    @property
    def total(self) -> int:
        """How many rows the file has, as far as is known."""
        return max(self.row.rows or 0, self.row.done)

    @property
    def is_under_way(self) -> bool:
        return self.row.state in _UNFINISHED

    @property
    def finding(self) -> str:
        """What the table of reasons says, in a sentence."""
        reason, count = self.reasons[0]
        if len(self.reasons) == 1:
            return str(_("All rejected for one reason: %(reason)s", reason=_lower(reason.title)))
        part = percent(count / max(1, self.row.rejected))
        return str(_("%(share)s of the rejected: %(reason)s", share=part, reason=_lower(reason.title)))

    @property
    def read_as(self) -> str:
        """How the file was read."""
        layout = (self.row.guess or {})["layout"]
        line = layout["header_row"]
        header = _("header in row %(number)s", number=line) if line else _("without a header")
        return f"{encoding(layout['encoding'])}, {delimiter(layout['delimiter'])}, {header}"

    @property
    def used_columns(self) -> str:
        """How many of its columns were taken."""
        mapping: Mapping[str, str] = (self.row.guess or {})["mapping"]
        used = sum(target != IGNORE for target in mapping.values())
        return str(_("%(used)s of %(all)s columns", used=used, all=len(mapping)))

    @property
    def layout_name(self) -> str:
        return str((self.row.guess or {}).get("layout_name") or _("not one that we know"))


def run_of(who: Who, row: Import) -> Run:
    """The page of an import that was started or given up."""
    listing = catalog.find_for(who, row.listing_id)
    reasons = leads.reasons_of(row.id) if row.rejected else {}
    trade = vertical(listing.vertical)
    return Run(
        row=row,
        listing=listing,
        is_mine=row.user_id == who.user_id,
        pace=imports.pace_of(row) if row.state == ImportState.RUNNING else None,
        reasons=[(row_reason(code, trade), count) for code, count in reasons.items()],
        rejected=[_rejected(found.number, found.reasons) for found in leads.first_rejected(row.id, _FIRST)],
        accepted=own_leads(who, leads.first_of_import(who, row.id, _FIRST)) if row.accepted else [],
        sold=orders.sold_of_import(who, row.id) if row.accepted else [],
        earlier=_earlier(who, row),
    )


def _earlier(who: Who, row: Import) -> list[Import]:
    others = leads.imports_for(who, Ask(limit=_EARLIER + 1), listing_id=row.listing_id).items
    return [other for other in others if other.id != row.id][:_EARLIER]


def _rejected(number: int, reasons: Sequence[Mapping[str, Any]]) -> RejectedRow:
    return RejectedRow(number, [reason["message"] for reason in reasons])


def _lower(title: str) -> str:
    """A title inside a sentence; an abbreviation or a name of one letter stays as it is."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _running(run: Run) -> str:
    if run.pace is None or run.pace.still_since:
        return str(_("Importing, waiting for its turn"))
    if run.pace.left is None:
        return str(_("Importing"))
    return str(_("Importing, about %(time)s left", time=span(run.pace.left)))


def _done(run: Run) -> str:
    if not run.row.accepted:
        return str(_("No row became a lead"))
    count = run.row.accepted
    if not run.listing.is_open:
        return str(ngettext("%(count)s lead accepted", "%(count)s leads accepted", count, count=number(count)))
    return str(ngettext("%(count)s lead put on sale", "%(count)s leads put on sale", count, count=number(count)))


def _cancelled(run: Run) -> str:
    if run.row.started_at is None:
        return str(_("Thrown away"))
    return str(_("Cancelled after %(done)s of %(all)s rows", done=number(run.row.done), all=number(run.total)))


def _paused(run: Run) -> str:
    return str(_("Paused after %(done)s of %(all)s rows", done=number(run.row.done), all=number(run.total)))


def _failed(run: Run) -> str:
    return str(_("This file cannot be read") if run.row.started_at is None else _("The import could not go on"))


_TITLES = {
    ImportState.RUNNING: _running,
    ImportState.PAUSED: _paused,
    ImportState.DONE: _done,
    ImportState.CANCELLED: _cancelled,
    ImportState.FAILED: _failed,
}

"""Where an agency starts: what has to be done next, what is under way, how it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from flask import Blueprint, render_template, url_for

from marketplace import billing, catalog, disputes, leads, orders
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import ngettext
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.leads import Import, ImportState
from marketplace.orders.sales import deals
from marketplace.orders.sales import queries as sales
from marketplace.people import Power, Who
from marketplace.web.first_steps import first_steps
from marketplace.web.lead_story import sale_state
from marketplace.web.session import who
from marketplace.web.words import dispute_reason

blueprint = Blueprint("overview", __name__, url_prefix="/overview")

_SHOWN = 5
_MOVING = (ImportState.GUESSING, ImportState.RUNNING, ImportState.PAUSED)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for a person; `until` is when it is too late."""

    icon: str
    title: str
    note: str
    href: str
    until: datetime | None = None


@blueprint.get("")
def show() -> str:
    agency = who()
    moving = leads.imports_for(agency, Ask(limit=_SHOWN), states=_MOVING).items
    return render_template(
        "overview/show.html",
        steps=first_steps(agency),
        tasks=list(_tasks(agency)),
        moving=moving,
        listings=catalog.by_id_for(agency, {row.listing_id for row in moving}),
        is_new=not leads.leads_for(agency, Ask(limit=1)).items,
        figures=_figures(agency),
        latest=orders.orders_for(agency, Ask(limit=_SHOWN)).items,
        sale_state=sale_state,
    )


def _tasks(agency: Who) -> Iterator[Task]:
    """What waits, the most urgent first."""
    yield from sorted([*_disputes(agency), *_sales(agency)], key=attrgetter("until"))
    full = catalog.fullness_of(agency)
    if full:
        yield _full(full.most)
    for row in leads.imports_for(agency, Ask(limit=_SHOWN), states=(ImportState.WAITING,)).items:
        yield _to_match(row)
    drafts = catalog.counts_by_state(agency).get(catalog.ListingState.DRAFT, 0)
    if drafts and agency.can(Power.LISTINGS_WRITE):
        yield _to_open(drafts)


def _disputes(agency: Who) -> Iterator[Task]:
    if not agency.can(Power.DISPUTES_READ):
        return
    for line in disputes.unanswered_for(agency, _SHOWN):
        href = url_for("disputes.show", dispute_id=line.id)
        title = _("Answer a dispute of %(amount)s", amount=line.order.price)
        yield Task("gavel", title, dispute_reason(line.dispute.reason), href, line.dispute.answer_by)


def _sales(agency: Who) -> Iterator[Task]:
    """Reports of sales, and claims that there was none, that hold unless the agency contests them."""
    if not (agency.can(Power.LEADS_WRITE) and sales.count_answerable(agency)):
        return
    for line in sales.answerable_for(agency, _SHOWN):
        title = _("A sale of %(amount)s is reported", amount=line.sale.amount)
        note = _("Silence agrees. Commission: %(amount)s", amount=line.sale.commission)
        yield Task("receipt", title, note, url_for("sales.show", sale_id=line.id), line.sale.answer_by)
    for claim in deals.claims_for(agency, _SHOWN):
        href = url_for("sale_claims.show", order_id=claim.id)
        note = _("Silence agrees, and the deposit goes back.")
        yield Task("receipt", _("A buyer says that there was no sale"), note, href, claim.acquisition.answer_by)


def _to_match(row: Import) -> Task:
    title = _("Match the columns of %(file)s", file=row.file_name)
    rows = ngettext("%(count)s row waits for you.", "%(count)s rows wait for you.", row.rows or 0, count=row.rows or 0)
    return Task("wand", title, rows, url_for("imports.show", import_id=row.id))


def _full(most: int) -> Task:
    title = _("Your leads are not offered for a while")
    why = _(
        "Your grade lets you have %(most)s sold leads in their window at once. They are back when windows close.",
        most=most,
    )
    return Task("list-details", title, why, url_for("balance.held"))


def _to_open(drafts: int) -> Task:
    title = ngettext("%(count)s listing is a draft", "%(count)s listings are drafts", drafts, count=drafts)
    href = url_for("listings.index", state=catalog.ListingState.DRAFT.value)
    return Task("list-details", title, _("A draft accepts no leads and nobody sees it. Open it."), href)


def _figures(agency: Who) -> dict[str, Any]:
    """How the agency stands: leads on sale, sales, and money where the role may see it."""
    sales = orders.counts_by_state(agency)
    figures: dict[str, Any] = {"on_sale": leads.on_sale_for(agency), "sold": sum(sales.values()), "money": []}
    if agency.can(Power.BALANCE_READ):
        for payable in billing.payable_balances(agency):
            held = Money(orders.held_for(agency, payable.currency), payable.currency)
            figures["money"].append((payable, held))
    return figures

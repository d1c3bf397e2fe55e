"""What an agency has earned: the statement, and the money that is still held."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for

from marketplace import billing, orders
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.ledger import ENTRY_NAMES, StatementLine
from marketplace.orders import OrderLine
from marketplace.people import Power, Who
from marketplace.web.lead_story import sale_state
from marketplace.web.sale_lines import Causes
from marketplace.web.session import who

blueprint = Blueprint("balance", __name__, url_prefix="/balance")

_ROWS = 25
_SOON = 6


@blueprint.get("")
def show() -> str:
    agency = who()
    agency.need(Power.BALANCE_READ)
    currencies = billing.balance_currencies(agency)
    currency = request.args.get("currency") if request.args.get("currency") in currencies else currencies[0]
    page = billing.balance_statement(agency, str(currency), Ask(request.args.get("cursor"), _ROWS))
    return render_template(
        "balance/show.html",
        **_standing(agency, str(currency)),
        currencies=currencies,
        lines=_lines(page.items, Causes.of(agency, page.items)),
        next_cursor=page.next_cursor,
        is_first="cursor" not in request.args,
        soon=orders.unsettled_for(agency, Ask(limit=_SOON)).items,
        sale_state=sale_state,
    )


@blueprint.get("/held")
def held() -> str:
    agency = who()
    agency.need(Power.BALANCE_READ)
    page = orders.unsettled_for(agency, Ask(request.args.get("cursor"), _ROWS))
    return render_template("balance/held.html", page=page, is_first="cursor" not in request.args, sale_state=sale_state)


def _standing(agency: Who, currency: str) -> dict[str, Any]:
    """What stands where, in one currency."""
    return {
        "currency": currency,
        "payable": Money(billing.payable_for(agency, currency), currency),
        "reserve": Money(orders.reserve_for(agency, currency), currency),
        "reserve_at": orders.next_reserve_for(agency, currency),
        "held": Money(orders.held_for(agency, currency), currency),
        "by_day": [(day, Money(cents, currency)) for day, cents in orders.held_by_day(agency, currency)],
    }


def _lines(found: Sequence[StatementLine], causes: Causes) -> list[dict[str, Any]]:
    """The ledger's lines as a statement shows them, each with the way to what it is about."""
    return [_line(line, causes) for line in found]


def _line(line: StatementLine, causes: Causes) -> dict[str, Any]:
    sale = causes.orders.get(line.reference_id)
    title, icon = _KINDS.get(line.kind) or (ENTRY_NAMES[line.kind], "coin")
    return {
        "at": line.at,
        "icon": icon,
        "title": str(title),
        "href": _cause(line, sale),
        "note": sale.listing.title if sale else "",
        "amount": Money(line.amount, line.currency),
        "balance": Money(line.balance_after, line.currency),
        **(causes.told(line) or {}),
    }


def _cause(line: StatementLine, sale: OrderLine | None) -> str:
    if line.kind.startswith("payout_"):
        return url_for("payouts.show", payout_id=line.reference_id)
    return url_for("leads.show", lead_id=sale.lead.id) if sale else ""


_KINDS = {
    "payout_reserve": (_l("Payout"), "send"),
    "payout_void": (_l("Payout not made, back to you"), "arrow-down"),
    "payout_return": (_l("Payout came back"), "arrow-down"),
    "release": (_l("Sale, its window has closed"), "check"),
    "reserve_release": (_l("Reserve of a sale"), "lock-open"),
}

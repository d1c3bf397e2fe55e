"""The wallet of a buyer: what is there, what is held, every line of the statement, topping up."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import billing, orders
from marketplace.billing import TopUp, cards, oversight, promos
from marketplace.billing.card_wording import standing_of, why_not_charged
from marketplace.billing.errors import PaymentsAway
from marketplace.billing.queries import PARTS
from marketplace.billing.rules import CURRENCIES, LEAST, MOST_A_DAY, SUGGESTED
from marketplace.billing.schemas import TopUpIn
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money, parse_money
from marketplace.kit.paging import Ask
from marketplace.ledger import ENTRY_NAMES, StatementLine
from marketplace.orders import intents
from marketplace.people import Power, Who
from marketplace.web.paid_by_card import purchase_of
from marketplace.web.sale_lines import Causes
from marketplace.web.session import who
from marketplace.web.words import short_name

blueprint = Blueprint("wallet", __name__, url_prefix="/wallet")

_BACK_TO_CARD = frozenset({"refund_card_reserve", "refund_card_fail", "refund_card_bounce"})
_LINES = 30
_DAYS = 7


@blueprint.get("")
def show() -> tuple[str, int]:
    return _page()


@blueprint.post("/top-ups")
def top_up() -> Response | tuple[str, int]:
    payer = who()
    try:
        amount = read_form(TopUpIn(), request.form, amount=_wanted(request.form))["amount"]
        opened = billing.open_checkout(payer, lambda: billing.ask_top_up_once(payer, amount).id)
    except (Invalid, PaymentsAway) as why:
        return _page(why)
    return redirect(opened.checkout_url or url_for(".paid", top_up_id=opened.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/top-ups/<uuid:top_up_id>")
def paid(top_up_id: UUID) -> str:
    """Where a payer comes back to: how the payment stands, asked from Stripe itself, and what was bought with it.

    A GET, for Stripe leads back with one. It may come as often as it likes: what the payer agreed to buy is bought
    once, when Stripe says that it is paid, by whoever hears of it first: this page, the webhook or the sweep.
    """
    payer = who()
    try:
        found = billing.look_up_checkout(payer, top_up_id)
    except PaymentsAway as why:
        flash(str(why), "warning")
        found = billing.find_for(payer, top_up_id)
    with transaction():
        intent = intents.settle(found.id)
    return render_template(
        "wallet/top_up.html",
        top_up=found,
        available=_available(payer, found.currency),
        repaid=billing.repaid_by(found),
        owed=Money(intents.owed_for(payer, found.currency), found.currency),
        purchase=purchase_of(payer, found, intent) if intent else None,
        failure=why_not_charged(found.failure),
    )


def _page(refusal: Refusal | None = None) -> tuple[str, int]:
    payer = who()
    payer.need(Power.WALLET_READ)
    own, debts = billing.wallet_currencies(payer), billing.debts_for(payer)
    currency = _currency(own, debts)
    owed = next((each for each in debts if each.currency == currency), Money(0, currency))
    loaded = Money(billing.loaded_lately_for(payer), currency)
    page = render_template(
        "wallet/show.html",
        currency=currency,
        currencies=_tabs(own, currency),
        available=_available(payer, currency),
        owed=owed,
        frozen=Money(oversight.frozen_for(payer, currency), currency),
        promo=Money(promos.promo_for(payer, currency), currency),
        held=Money(orders.held_for(payer, currency), currency),
        **_waiting(payer, currency),
        days=_days(payer, currency),
        can_top_up=payer.can(Power.WALLET_WRITE),
        open_top_ups=billing.open_top_ups_for(payer),
        loaded=loaded,
        most=Money(MOST_A_DAY, currency),
        least=Money(LEAST, currency),
        refusal=refusal,
        **_filling(payer, currency),
        **_form(currency),
        **_statement(payer, currency, "owed" if owed.amount else "available"),
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _currency(own: Sequence[str], debts: Sequence[Money]) -> str:
    """The one that the address or the form names, if there may be a wallet in it; else one with a debt."""
    asked = request.values.get("currency", "")
    if asked in CURRENCIES:
        return asked
    return debts[0].currency if debts else own[0]


def _tabs(own: Sequence[str], currency: str) -> list[dict[str, Any]]:
    """The wallets, when there is more than one."""
    return [
        {"label": each, "href": url_for(".show", currency=each), "current": each == currency}
        for each in dict.fromkeys([*own, currency])
    ]


def _available(payer: Who, currency: str) -> Money:
    return Money(billing.available_for(payer, currency), currency)


def _wanted(form: Mapping[str, str]) -> Money:
    """The amount of the form: what was typed wins over what was chosen. Raises Invalid."""
    currency, typed = form.get("currency", ""), form.get("other", "").strip()
    try:
        return parse_money(typed, currency) if typed else Money(int(form.get("amount", "")), currency)
    except ValueError as error:
        raise Invalid(fields={"amount": _("Give an amount, like 75.00.")}) from error


def _form(currency: str) -> dict[str, Any]:
    """What the form stands at: as it was sent, as a link wished it, or at the first amount but one."""
    choices = [{"value": cents, "label": str(Money(cents, currency))} for cents in SUGGESTED]
    asked = request.values.get("amount", "")
    other = request.form.get("other", "")
    if request.method == "GET" and asked.isdecimal() and int(asked) not in SUGGESTED:
        return {"choices": choices, "picked": "", "other": Money(int(asked), currency).decimal}
    return {"choices": choices, "picked": asked if asked.isdecimal() else SUGGESTED[1], "other": other}


def _filling(payer: Who, currency: str) -> dict[str, Any]:
    """How the wallet fills itself, and from which cards."""
    line = cards.recharge_for(payer, currency)
    return {"recharge": line, "standing": standing_of(line), "cards": cards.cards_for(payer)}


def _days(payer: Who, currency: str) -> Sequence[tuple[Any, Money]]:
    """The next days on which held money is settled, with how much."""
    return [(on, Money(cents, currency)) for on, cents in orders.held_by_day(payer, currency)[:_DAYS]]


def _waiting(payer: Who, currency: str) -> dict[str, Any]:
    """What the held money waits for, for who may read about orders."""
    if not payer.can(Power.ORDERS_READ):
        return {"counts": {}, "deposits": Money(0, currency)}
    return {
        "counts": orders.counts_by_state(payer),
        "deposits": Money(orders.deposits_for(payer, currency), currency),
    }


def _statement(payer: Who, currency: str, first: str) -> dict[str, Any]:
    """The part that is asked for, else the one that its reader wants to see first."""
    asked = request.args.get("part", "")
    part = asked if asked in PARTS else first
    page = billing.wallet_statement(payer, currency, Ask(request.args.get("cursor"), _LINES), part=part)
    causes = Causes.of(payer, [line for line in page.items if line.kind != "topup"])
    paid = billing.find_top_ups_for(payer, [line.reference_id for line in page.items if line.kind == "topup"])
    top_ups = {top_up.id: top_up for top_up in paid}
    return {
        "lines": [_line(line, causes, top_ups) for line in page.items],
        "next_cursor": page.next_cursor,
        "part": part,
        "parts": _parts(payer, currency, part),
    }


def _parts(payer: Who, currency: str, part: str) -> list[dict[str, Any]]:
    """The statements there are, when there is more than one: who never owed anything sees no other."""
    names = {"available": _("Available"), "owed": _("Owed"), "frozen": _("Frozen")}
    return [
        {"label": name, "href": url_for(".show", currency=currency, part=each), "current": each == part}
        for each, name in names.items()
        if each == "available" or billing.wallet_statement(payer, currency, Ask(limit=1), part=each).items
    ]


def _line(line: StatementLine, causes: Causes, top_ups: Mapping[UUID, TopUp]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "at": line.at,
        "amount": Money(line.amount, line.currency),
        "balance": Money(line.balance_after, line.currency),
    }
    if line.kind == "topup":
        return told | _topped_up(top_ups[line.reference_id])
    if line.kind in _BACK_TO_CARD:
        href = url_for("refunds.show", refund_id=line.reference_id)
        return told | {"icon": "credit-card", "title": str(ENTRY_NAMES[line.kind]), "href": href, "note": ""}
    if of_sale := causes.told(line):
        return told | of_sale
    cause = causes.orders.get(line.reference_id)
    if cause is None and line.kind != "hold":
        return told | {"icon": "coin", "title": str(ENTRY_NAMES[line.kind]), "href": "", "note": ""}
    name = short_name(cause.lead) if cause else _("a lead")
    return told | {
        "icon": "arrow-down" if line.kind == "refund" else "shopping-cart",
        "title": _("Refund: %(name)s", name=name) if line.kind == "refund" else name,
        "href": url_for("orders.show", order_id=line.reference_id) if cause else "",
        "note": cause.agency.name if cause else "",
    }


def _topped_up(top_up: TopUp) -> dict[str, Any]:
    card = f"{(top_up.card_brand or '').capitalize()} {top_up.card_last4}" if top_up.card_last4 else _("by card")
    return {
        "icon": "credit-card",
        "title": _("Auto top-up") if top_up.recharge_id else _("Top-up"),
        "href": url_for(".paid", top_up_id=top_up.id),
        "note": card,
    }

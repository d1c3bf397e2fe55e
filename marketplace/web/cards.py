"""Saved cards, and the wallet that fills itself from one: also where a letter about a card that did not pay leads."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import billing
from marketplace.billing import cards
from marketplace.billing.card_schemas import RechargeIn
from marketplace.billing.card_wording import charge_words, is_expiring, standing_of
from marketplace.billing.cards import CardSetupState, RechargeLine, Wish
from marketplace.billing.errors import PaymentsAway
from marketplace.billing.rules import CURRENCIES, LEAST, MOST_A_DAY
from marketplace.kit import limits
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money, parse_money
from marketplace.people import Power
from marketplace.web.session import who

blueprint = Blueprint("cards", __name__, url_prefix="/wallet/cards")

_CHARGES = 6
#: what the form proposes before anything was set, in minor units
_BELOW, _AMOUNT = 50_00, 100_00
_SAVED = {
    CardSetupState.SAVED: "success",
    CardSetupState.CREATED: "warning",
    CardSetupState.EXPIRED: "warning",
    CardSetupState.FAILED: "warning",
}


@blueprint.get("")
def index() -> tuple[str, int]:
    return _page()


@blueprint.post("")
def save() -> Response:
    """On to Stripe's page, on which the card is entered."""
    buyer = who()
    try:
        with transaction():
            limits.spend(cards.PAGES_AN_HOUR, str(buyer.org_id))
        opened = cards.open_card_page(buyer, lambda: cards.ask_card_once(buyer).id)
    except Refusal as why:
        flash(str(why), "warning")
        return _back()
    if opened.page_url:
        return redirect(opened.page_url, HTTPStatus.SEE_OTHER)
    flash(_("The page for the card could not be opened. Nothing was saved. Try again."), "warning")
    return _back()


@blueprint.get("/pages/<uuid:setup_id>")
def saved(setup_id: UUID) -> Response:
    """Where a card's owner comes back to: whether it was saved is asked from Stripe itself."""
    try:
        state = CardSetupState(cards.look_up_card_page(who(), setup_id).state)
    except PaymentsAway as why:
        flash(str(why), "warning")
        return _back()
    said = {
        CardSetupState.SAVED: _("The card is saved."),
        CardSetupState.CREATED: _("No card is saved yet. The page for it is still open."),
    }.get(state, _("The page for the card has closed. Nothing was saved."))
    flash(said, _SAVED[state])
    return _back()


@blueprint.post("/<uuid:card_id>/default")
def make_default(card_id: UUID) -> Response:
    try:
        with transaction():
            cards.make_default(who(), card_id)
    except Invalid as why:
        flash(str(why), "warning")
    return _back()


@blueprint.post("/<uuid:card_id>/removal")
def remove(card_id: UUID) -> Response:
    with transaction():
        cards.remove_card(who(), card_id)
    flash(_("The card is removed. It is never charged again."), "success")
    return _back()


@blueprint.post("/auto-top-up")
def set_recharge() -> Response | tuple[str, int]:
    buyer = who()
    try:
        wish = _wish()
        with transaction():
            limits.spend(cards.CHANGES_AN_HOUR, str(buyer.org_id))
        with transaction():
            cards.set_recharge(buyer, wish)
    except Refusal as why:
        return _page(why)
    flash(_("Auto top-up is on.") if wish.is_on else _("Auto top-up is off."), "success")
    return redirect(url_for(".index", currency=wish.amount.currency), HTTPStatus.SEE_OTHER)


def _wish() -> Wish:
    """What the form asks for. Raises Invalid."""
    form, currency, wrong = request.form, _currency(), {}
    amounts: dict[str, Any] = {}
    for name in ("below", "amount"):
        try:
            amounts[name] = parse_money(form.get(name, ""), currency)
        except ValueError:
            wrong[name] = _("Give an amount, like 75.00.")
    if wrong:
        raise Invalid(fields=wrong)
    told = {"on": "true" if form.get("on") else "false", "card_id": form.get("card_id", "")}
    wanted = read_form(RechargeIn(), told, **amounts)
    return Wish(wanted["on"], wanted["below"], wanted["amount"], wanted["card_id"])


def _page(refusal: Refusal | None = None) -> tuple[str, int]:
    buyer = who()
    buyer.need(Power.WALLET_READ)
    currency = _currency()
    line = cards.recharge_for(buyer, currency, charges=_CHARGES)
    own = cards.cards_for(buyer)
    page = render_template(
        "cards/index.html",
        currency=currency,
        tabs=_tabs(currency),
        cards=own,
        is_expiring=is_expiring,
        line=line,
        standing=standing_of(line),
        charges=[(charge, *charge_words(charge)) for charge in line.charges] if line else [],
        card_names={each.id: _name(each) for each in own},
        form=_form(line, currency),
        least=Money(LEAST, currency),
        most=Money(MOST_A_DAY, currency),
        can_change=buyer.can(Power.WALLET_WRITE),
        is_verified=buyer.is_verified,
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _form(line: RechargeLine | None, currency: str) -> dict[str, Any]:
    """What the form stands at: as it was sent, as it is set, or a proposal."""
    if request.method == "POST":
        return {name: request.form.get(name, "") for name in ("on", "below", "amount", "card_id")}
    if line:
        it = line.recharge
        return {"on": it.is_on, "below": it.below.decimal, "amount": it.amount.decimal, "card_id": it.card_id}
    proposed = {"below": Money(_BELOW, currency).decimal, "amount": Money(_AMOUNT, currency).decimal}
    return {"on": False, **proposed, "card_id": ""}


def _name(card: cards.SavedCard) -> str:
    """A card as its owner knows it."""
    return str(_("%(brand)s ending %(digits)s", brand=card.brand.capitalize(), digits=card.last4))


def _currency() -> str:
    asked = request.values.get("currency", "")
    return asked if asked in CURRENCIES else billing.wallet_currencies(who())[0]


def _tabs(currency: str) -> list[dict[str, Any]]:
    own = billing.wallet_currencies(who())
    return [
        {"label": each, "href": url_for(".index", currency=each), "current": each == currency}
        for each in dict.fromkeys([*own, currency])
    ]


def _back() -> Response:
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)

"""Unspent money goes back to the card: how much and to which cards, before and after the click."""

from http import HTTPStatus
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import billing
from marketplace.billing import cards
from marketplace.billing.rules import CURRENCIES
from marketplace.billing.schemas import RefundIn
from marketplace.billing.wording import REFUND_STATES
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money, parse_money
from marketplace.kit.once import once
from marketplace.people import Power, Who
from marketplace.web.offers import owing
from marketplace.web.session import who

blueprint = Blueprint("refunds", __name__, url_prefix="/wallet/refunds")


@blueprint.get("/new")
def new() -> tuple[str, int]:
    return _form(who())


@blueprint.post("")
def ask() -> Response | tuple[str, int]:
    buyer = who()
    try:
        wanted = read_form(RefundIn(), {"top_up_id": request.form.get("top_up", "")}, amount=_amount())
        with transaction():
            first = _asked_once(buyer, wanted["amount"], wanted.get("top_up_id"))
    except Refusal as why:
        return _form(buyer, why)
    return redirect(url_for(".show", refund_id=first), HTTPStatus.SEE_OTHER)


@blueprint.get("/<uuid:refund_id>")
def show(refund_id: UUID) -> str:
    """One part of a wish, with all the others: to which cards, and how far each is."""
    buyer = who()
    wish = billing.wish_for(buyer, billing.refund_for(buyer, refund_id).wish_id)
    parts = [(part, billing.find_for(buyer, part.top_up_id)) for part in wish]
    total = Money(sum(part.amount_cents for part in wish), wish[0].currency)
    return render_template("refunds/show.html", parts=parts, total=total, states=REFUND_STATES)


def _asked_once(buyer: Who, amount: Money, top_up_id: UUID | None) -> UUID:
    """The first part of the wish."""
    buyer.need(Power.WALLET_WRITE)
    return once(buyer.org_id, lambda: billing.ask_refund(buyer, amount, top_up_id=top_up_id)[0].id, amount, top_up_id)


def _amount() -> Money:
    try:
        return parse_money(request.form.get("amount", ""), request.form.get("currency", ""))
    except ValueError as error:
        raise Invalid(fields={"amount": _("Give an amount, like 75.00.")}) from error


def _form(buyer: Who, refusal: Refusal | None = None) -> tuple[str, int]:
    buyer.need(Power.WALLET_WRITE)
    asked = request.values.get("currency", "")
    currency = asked if asked in CURRENCIES else billing.wallet_currencies(buyer)[0]
    parts = billing.refundable_for(buyer, currency)
    fills = cards.recharge_for(buyer, currency)
    most = Money(sum(cents for _top_up, cents in parts), currency)
    page = render_template(
        "refunds/new.html",
        parts=[(top_up, Money(cents, currency)) for top_up, cents in parts],
        most=most,
        available=Money(billing.available_for(buyer, currency), currency),
        currency=currency,
        fills_itself=fills and fills.recharge.is_on,
        debt=owing(billing.debts_for(buyer)),
        key=uuid4(),
        typed=request.form.get("amount", most.decimal),
        refusal=refusal,
    )
    return page, refusal.status if refusal else HTTPStatus.OK

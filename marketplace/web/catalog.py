"""The catalogue: what is on sale, one lead before it is bought, buying one or several."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import billing, market, orders
from marketplace.kit import idempotency
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, NotFound, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.kit.once import asked, key_of
from marketplace.kit.paging import Ask
from marketplace.market import FiltersIn
from marketplace.orders import Bought, intents
from marketplace.orders.errors import AlreadyBought, LeadNotOffered, refusal_of_word, word_of
from marketplace.orders.intents import Wish
from marketplace.orders.schemas import MOST_AT_ONCE, BasketIn, CardQuoteIn, QuoteIn
from marketplace.people import Who
from marketplace.quality.prices import after_refunds_of
from marketplace.web.offers import basket_of, may_buy, offer_of
from marketplace.web.session import who
from marketplace.web.shelf import address_of, shelf_of

blueprint = Blueprint("catalog", __name__, url_prefix="/catalog")

_ROWS = 25


@blueprint.get("")
def index() -> str | Response:
    reader = who()
    filters = read_form(FiltersIn(), request.args)
    if "" in request.args.values():  # an untouched field of the form: the address that people share names what is set
        return redirect(address_of(filters))
    shelf = shelf_of(reader, filters, Ask(request.args.get("cursor"), _ROWS))
    return render_template("catalog/index.html", shelf=shelf, can_buy=may_buy(reader))


@blueprint.get("/<uuid:lead_id>")
def show(lead_id: UUID) -> Response | tuple[str, int]:
    buyer = who()
    order = orders.of_lead(buyer, lead_id)
    return _to_order(order.id) if order else _lead_page(lead_id)


@blueprint.post("/<uuid:lead_id>/purchase")
def buy(lead_id: UUID) -> Response | tuple[str, int]:
    buyer = who()
    quote = read_form(QuoteIn(), request.form)
    quoted = Money(quote["price"], quote["currency"])
    version = quote.get("terms_version")
    key = key_of(quote["key"])
    try:
        with transaction():
            order_id = orders.place(
                buyer, lead_id, quoted, key=key, asked=asked(quoted, version), terms_version=version
            )
    except AlreadyBought as why:
        flash(str(why), "warning")
        return redirect(url_for(".show", lead_id=lead_id), HTTPStatus.SEE_OTHER)
    except Refusal as why:
        return _lead_page(lead_id, why)
    flash(_paid_words(quoted, is_deposit=version is not None), "success")
    return _to_order(order_id)


@blueprint.post("/<uuid:lead_id>/card")
def pay_by_card(lead_id: UUID) -> Response | tuple[str, int]:
    """Off to the page for the card; the lead is bought when it has paid. A second click leads to the same page."""
    buyer = who()
    quote = read_form(CardQuoteIn(), request.form)
    currency = quote["currency"]
    wish = Wish(lead_id, Money(quote["price"], currency), quote.get("terms_version"))
    asked = buyer, wish, Money(quote["top_up"], currency)
    try:
        opened = billing.open_checkout(
            buyer, lambda: intents.ask(*asked), instead_of=lambda: intents.close_earlier(*asked)
        )
    except AlreadyBought as why:
        flash(str(why), "warning")
        return redirect(url_for(".show", lead_id=lead_id), HTTPStatus.SEE_OTHER)
    except Refusal as why:
        return _lead_page(lead_id, why)
    onward = opened.checkout_url if opened.is_open else None
    return redirect(onward or url_for("wallet.paid", top_up_id=opened.id), HTTPStatus.SEE_OTHER)


@blueprint.post("/purchases")
def buy_several() -> Response | tuple[str, int]:
    buyer = who()
    try:
        wanted = read_form(BasketIn(), request.form, leads=request.form.getlist("lead"))
    except Invalid:
        flash(_("Choose 1 to %(most)s leads first.", most=MOST_AT_ONCE), "error")
        return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)
    if "max_total" not in wanted or billing.debts_for(buyer):  # who owes buys nothing: the page says why
        return _basket_page(wanted), HTTPStatus.OK
    try:
        with transaction():
            _buy_all(buyer, wanted)
    except idempotency.IdempotencyConflict:  # another choice on a page that was bought from before: ask, with a new key
        return _basket_page(wanted), HTTPStatus.OK
    except Refusal as why:
        return _basket_page(wanted, why), why.status
    return redirect(url_for(".bought", key=wanted["key"]), HTTPStatus.SEE_OTHER)


@blueprint.get("/purchases/<uuid:key>")
def bought(key: UUID) -> str | Response:
    buyer = who()
    made = idempotency.find(buyer.org_id, key_of(key))
    if made is None or made.detail is None:
        raise NotFound
    items = made.detail["items"]
    lines = orders.lines_of(buyer, [UUID(item["order_id"]) for item in items if item["order_id"]])
    refused = [(item["lead_id"], refusal_of_word(item["refused"])) for item in items if item["refused"]]
    if len(lines) == 1 and not refused:
        return _to_order(next(iter(lines)))
    return render_template("catalog/bought.html", lines=list(lines.values()), refused=refused)


def _paid_words(price: Money, *, is_deposit: bool) -> str:
    if is_deposit:
        return str(_("Yours for a deposit of %(price)s. Report the sale, or that there was none.", price=price))
    return str(_("Bought for %(price)s. The money is held until the window closes.", price=price))


def _buy_all(buyer: Who, wanted: dict[str, Any]) -> None:
    """All or as many as can be had for the sum that was shown."""
    most = Money(wanted["max_total"], wanted["currency"])
    key, ids = key_of(wanted["key"]), wanted["leads"]
    if idempotency.claim(buyer.org_id, key, asked(sorted(ids), most)):
        return
    results = orders.place_many(buyer, ids, most, all_or_nothing=False)
    idempotency.settle(buyer.org_id, key, None, {"items": [_kept(result) for result in results]})


def _kept(result: Bought) -> dict[str, str | None]:
    return {
        "lead_id": str(result.lead_id),
        "order_id": str(result.order_id) if result.order_id else None,
        "refused": word_of(result.refusal) if result.refusal else None,
    }


def _basket_page(wanted: dict[str, Any], refusal: Refusal | None = None) -> str:
    buyer = who()
    items = market.find_all_for(buyer, wanted["leads"])
    basket = basket_of(buyer, items, len(set(wanted["leads"])), wanted["currency"])
    return render_template("catalog/basket.html", basket=basket, refusal=refusal)


def _lead_page(lead_id: UUID, refusal: Refusal | None = None) -> tuple[str, int]:
    buyer, is_part = who(), "HX-Request" in request.headers
    try:
        offer = offer_of(buyer, market.find_for(buyer, lead_id))
    except NotFound as missing:
        why = refusal or LeadNotOffered()
        if is_part:
            raise why from missing
        return render_template("catalog/gone.html", refusal=why), why.status
    part = "catalog/_preview.html" if is_part else "catalog/show.html"
    refunds = None if is_part or offer.per_sale else after_refunds_of(offer.masked.agency.id, offer.masked.price)
    page = render_template(part, offer=offer, refusal=refusal, can_buy=may_buy(buyer), refunds=refunds)
    return page, refusal.status if refusal else HTTPStatus.OK


def _to_order(order_id: UUID) -> Response:
    return redirect(url_for("orders.show", order_id=order_id), HTTPStatus.SEE_OTHER)

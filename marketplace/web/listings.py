"""An agency's offers: made, changed, opened, paused, put away."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from marketplace import catalog, leads, orders
from marketplace.billing.rules import CURRENCIES
from marketplace.catalog import VERTICALS, Listing, ListingState
from marketplace.catalog.rules import ALLOWED, LEAST_WINDOW, MOST_WINDOW, ORIGINS
from marketplace.catalog.wording import CHANNELS, curve_in_words, terms_in_words
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, NotFound, Refusal
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.kit.once import once
from marketplace.kit.paging import Ask
from marketplace.orders.rules import release_of
from marketplace.people import Power, Who, queries
from marketplace.web import words
from marketplace.web.commission_forms import PREFIX, deposit_share, plain_sharing
from marketplace.web.curve_forms import ROWS
from marketplace.web.file_reading import countries
from marketplace.web.listing_forms import PLAIN, read_terms, shown_terms
from marketplace.web.listing_history import history_of
from marketplace.web.price_advice import advice_for, base_words, classes_of, facts_of, lines_of
from marketplace.web.session import who

blueprint = Blueprint("listings", __name__, url_prefix="/listings")

_ROWS = 25
_LATEST = 5


@blueprint.get("")
def index() -> str:
    agency, state = who(), request.args.get("state", "")
    page = catalog.listings_for(agency, Ask(request.args.get("cursor"), _ROWS), _state_of(state))
    ids = [listing.id for listing in page.items]
    return render_template(
        "listings/index.html",
        page=page,
        state=_state_of(state) or "",
        counts=catalog.counts_by_state(agency),
        on_sale=leads.counts_by_listing(agency, ids),
        sold=orders.sold_by_listing(agency, ids),
        can_write=agency.can(Power.LISTINGS_WRITE),
        is_first="cursor" not in request.args,
    )


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    agency = who()
    agency.need(Power.LISTINGS_WRITE)
    country = queries.find_for(agency, agency.org_id).country
    return _form_page(
        None, {**PLAIN, f"{PREFIX}data_sharing": plain_sharing(), "default_country": country, "key": str(uuid4())}
    )


@blueprint.post("")
def create() -> ResponseReturnValue:
    agency = who()
    try:
        terms = read_terms(request.form)
        with transaction():
            listing_id = _create_once(agency, terms)
    except Invalid as why:
        return _form_page(None, request.form, why)
    return _to(listing_id)


@blueprint.get("/<uuid:listing_id>")
def show(listing_id: UUID) -> str:
    agency = who()
    listing = catalog.find_for(agency, listing_id)
    return render_template(
        "listings/show.html",
        listing=listing,
        on_sale=leads.counts_by_listing(agency, [listing.id]).get(listing.id, 0),
        sold=orders.sold_by_listing(agency, [listing.id]).get(listing.id, 0),
        history=history_of(catalog.versions_for(agency, listing.id)),
        imports=leads.imports_for(agency, Ask(limit=_LATEST), listing_id=listing.id).items,
        commission=terms_in_words(listing.per_sale, listing.currency) if listing.per_sale else [],
        falls=curve_in_words(listing.curve, listing.price) if listing.curve else "",
        **_pay_of(agency, listing),
        moves=ALLOWED[ListingState(listing.state)] if agency.can(Power.LISTINGS_WRITE) else frozenset(),
        can_write=agency.can(Power.LISTINGS_WRITE),
        can_send=agency.can(Power.LEADS_WRITE),
    )


@blueprint.get("/<uuid:listing_id>/edit")
def edit(listing_id: UUID) -> ResponseReturnValue:
    agency = who()
    agency.need(Power.LISTINGS_WRITE)
    listing = catalog.find_for(agency, listing_id)
    return _form_page(listing, shown_terms(listing))


@blueprint.post("/<uuid:listing_id>")
def change(listing_id: UUID) -> ResponseReturnValue:
    agency = who()
    listing = catalog.find_for(agency, listing_id)
    try:
        terms = read_terms(request.form, listing)
        with transaction():
            catalog.change(agency, listing_id, terms)
    except Refusal as why:
        if not why.fields:
            raise
        return _form_page(listing, {**shown_terms(listing), **request.form}, why)
    flash(_("Saved. What is sold from now on is sold on these terms."), "success")
    return _to(listing_id)


@blueprint.post("/suggestion")
def suggest() -> ResponseReturnValue:
    """The form again with what might be asked; nothing is saved."""
    return _form_page(None, request.form)


@blueprint.post("/<uuid:listing_id>/suggestion")
def suggest_for(listing_id: UUID) -> ResponseReturnValue:
    listing = catalog.find_for(who(), listing_id)
    return _form_page(listing, {**shown_terms(listing), **request.form})


@blueprint.post("/<uuid:listing_id>/state")
def move(listing_id: UUID) -> ResponseReturnValue:
    wanted = _state_of(request.form.get("state", ""))
    if wanted is None:
        raise NotFound
    with transaction():
        catalog.move(who(), listing_id, wanted)
    return _to(listing_id)


def _create_once(agency: Who, terms: dict[str, object]) -> UUID:
    """A second click on the same form leads to the listing that the first one made."""
    return once(agency.org_id, lambda: catalog.create(agency, terms).id)


def _form_page(listing: Listing | None, values: Mapping[str, str], why: Refusal | None = None) -> ResponseReturnValue:
    agency = who()
    agency.need(Power.LISTINGS_WRITE)
    with transaction():
        advice = advice_for(agency, values, listing)
    page = render_template(
        "listings/form.html",
        listing=listing,
        is_fixed=listing is not None and listing.state != ListingState.DRAFT,
        values=values,
        trades=[(slug, words.trade(slug)) for slug in VERTICALS],
        currencies=[(code, code) for code in CURRENCIES],
        channels=[(code, words.channel(code)) for code in ORIGINS],
        days=[(days, days) for days in range(LEAST_WINDOW, MOST_WINDOW + 1)],
        countries=countries(),
        reporting=[(code, str(words)) for code, words in CHANNELS.items()],
        deposit_share=deposit_share(),
        curve_rows=ROWS,
        pay_terms=catalog.grade_terms_for(agency),
        advice=advice,
        factors=lines_of(advice) if advice else [],
        places=facts_of(advice) if advice else [],
        classes=classes_of(advice) if advice else [],
        base_words=base_words(advice) if advice else "",
        errors=why.fields if why else {},
    )
    return page, why.status if why else HTTPStatus.OK


def _pay_of(agency: Who, listing: Listing) -> dict[str, Any]:
    """What becomes of the price of a sale made now, or of the commission that is expected for one."""
    terms = catalog.grade_terms_for(agency)
    cents = listing.per_sale.expected_cents if listing.per_sale else listing.price_cents
    parts = release_of(cents, terms.fee_bp, terms.reserve_bp)
    shares = {name: Money(getattr(parts, name), listing.currency) for name in ("fee", "reserve", "payable")}
    return {"pay_terms": terms, "example": Money(cents, listing.currency), **shares}


def _state_of(text: str) -> ListingState | None:
    return ListingState(text) if text in {state.value for state in ListingState} else None


def _to(listing_id: UUID) -> Response:
    return redirect(url_for(".show", listing_id=listing_id), HTTPStatus.SEE_OTHER)

"""Becoming somebody here: opening an account, confirming the address, joining an organisation."""

from flask import Blueprint, flash, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from marketplace import catalog
from marketplace.billing.rules import CURRENCIES, LEAST
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import PER_BP, Money
from marketplace.people import Who, actions, queries, terms
from marketplace.people.actions import HalfWay
from marketplace.people.addresses import countries
from marketplace.people.errors import OldTerms, TokenExpired, TokenInvalid, TokenUsed
from marketplace.people.schemas import AddressForm, JoinForm, Joining, SignUpForm
from marketplace.people.wording import ROLES
from marketplace.web import session
from marketplace.web.auth import ask_for_code
from marketplace.web.visitors import form_page, go, network, welcome, without_referrer

blueprint = Blueprint("sign_up", __name__)

_OVER = (TokenInvalid, TokenExpired, TokenUsed)
#: where the session keeps the address that a letter went to, for the page that says so
_WROTE_TO = "wrote_to"


@blueprint.get("/sign-up")
@blueprint.get("/sign-up/<any(agency, buyer):side>")
def show(side: str = "buyer") -> ResponseReturnValue:
    who = session.who_or_none()
    return welcome(who) if who else _open_page(side)


@blueprint.post("/sign-up")
def open_account() -> ResponseReturnValue:
    """The answer is the same for an address that we know already; its owner is told by letter."""
    try:
        form = read_form(SignUpForm(), request.form)
        with transaction():
            actions.throttle_letters("sign_up", form.email, network())
        with transaction():
            actions.sign_up(form)
    except (Invalid, OldTerms) as why:
        return _open_page(request.form.get("kind", ""), why)
    cookie[_WROTE_TO] = form.email
    return go(url_for(".letter_sent"))


@blueprint.get("/confirm/sent")
def letter_sent() -> ResponseReturnValue:
    return form_page("sign_up/letter_sent.html", wrote_to=cookie.get(_WROTE_TO, ""))


@blueprint.post("/confirm/again")
def send_again() -> ResponseReturnValue:
    try:
        email = read_form(AddressForm(), request.form)["email"]
        with transaction():
            actions.throttle_letters("confirmation", email, network())
        with transaction():
            actions.send_confirmation_again(email)
    except Invalid as why:
        return form_page("sign_up/letter_sent.html", why, wrote_to="")
    cookie[_WROTE_TO] = email
    flash(_("If this address is waiting to be confirmed, a new e-mail is on its way."), "success")
    return go(url_for(".letter_sent"))


@blueprint.get("/confirm")
def confirm() -> ResponseReturnValue:
    """Programs that look through letters open every link: only the button confirms."""
    return without_referrer(form_page("sign_up/confirm.html"))


@blueprint.post("/confirm")
def confirmed() -> ResponseReturnValue:
    try:
        with transaction():
            actions.confirm_email(request.form.get("token", ""))
    except _OVER as why:
        return form_page("sign_up/letter_sent.html", why, wrote_to="")
    cookie.pop(_WROTE_TO, None)
    flash(_("Your address is confirmed."), "success")
    who = session.who_or_none()
    return welcome(who) if who else go(url_for("auth.sign_in"))


@blueprint.get("/join")
def invitation() -> ResponseReturnValue:
    return _join_page(request.args.get("token", ""))


@blueprint.post("/join")
def join() -> ResponseReturnValue:
    """A signed-in person joins by one click; anybody else by a password, the one they have or a new one."""
    token, who = request.form.get("token", ""), session.who_or_none()
    try:
        joined = _join_as(who, token) if who else _join(token)
    except Refusal as why:
        return _join_page(token, why)
    if isinstance(joined, HalfWay):
        return ask_for_code(joined, url_for(".invitation", token=token))
    session.begin(joined)
    flash(_("You are a member of %(name)s now.", name=joined.org_name), "success")
    return welcome(joined)


def _join_as(who: Who, token: str) -> Who:
    with transaction():
        return actions.join_as(who, token)


def _join(token: str) -> Who | HalfWay:
    given: Joining = read_form(JoinForm(), request.form)
    with transaction():
        actions.throttle_sign_in(token, network())
    with transaction():
        joined = actions.join(token, given)
        return joined if isinstance(joined, HalfWay) else session.opened(joined)


def _open_page(side: str, why: Refusal | None = None) -> ResponseReturnValue:
    return form_page(
        "sign_up/show.html",
        why,
        side=side,
        countries=countries(),
        documents=list(terms.DOCUMENTS.values()),
        least=Money(LEAST, CURRENCIES[0]),
        fee=catalog.newcomer_terms().fee_bp / PER_BP,
    )


def _join_page(token: str, why: Refusal | None = None) -> ResponseReturnValue:
    try:
        asked = queries.invitation_of(token)
    except _OVER as over:
        return form_page("sign_up/join_over.html", over)
    return without_referrer(form_page("sign_up/join.html", why, token=token, asked=asked, roles=ROLES))

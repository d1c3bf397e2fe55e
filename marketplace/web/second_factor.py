"""The second step of signing in: an authenticator app is set up, its recovery codes are made anew, it is turned off."""

import io
from collections.abc import Sequence

import segno
from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.people import Who, actions, queries
from marketplace.people.errors import SecondFactorIsOff, SecondFactorIsOn, TokenExpired, TokenInvalid, TokenUsed
from marketplace.people.schemas import PasswordForm, ProofForm, SetUpForm
from marketplace.web.session import who
from marketplace.web.visitors import form_page, go, network, tell

blueprint = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")

_OVER = (TokenInvalid, TokenExpired, TokenUsed)


@blueprint.get("")
def show() -> ResponseReturnValue:
    return _page()


@blueprint.post("")
def set_up() -> ResponseReturnValue:
    """The answer shows the secret and keeps nothing: what was asked for and left is never on."""
    reader = who()
    try:
        given = read_form(PasswordForm(), request.form)
        _count_password(reader)
        with transaction():
            begun = actions.begin_set_up(reader, given["current"])
    except Invalid as why:
        return _page(why)
    except SecondFactorIsOn as why:
        tell(why)
        return go(url_for(".show"))
    return _set_up_page(begun)


@blueprint.post("/confirmation")
def turn_on() -> ResponseReturnValue:
    """The answer is the only page that ever shows the recovery codes; a second click finds the app turned on."""
    reader = who()
    try:
        with transaction():
            begun = actions.set_up_of(reader, request.form.get("token", ""))
    except _OVER:
        flash(_("That took too long, or your account was changed meanwhile. Set the app up once more."), "warning")
        return go(url_for(".show"))
    try:
        given = read_form(SetUpForm(), request.form)
        with transaction():
            actions.throttle_own_code(reader)
        with transaction():
            made = actions.turn_on(reader, given["token"], given["code"])
    except Invalid as why:
        return _set_up_page(begun, why)
    except SecondFactorIsOn:
        flash(_("Your app was set up a moment ago. If you did not keep the recovery codes, make new ones."), "warning")
        return go(url_for(".show"))
    return _codes_page(made)


@blueprint.post("/recovery-codes")
def make_recovery_codes() -> ResponseReturnValue:
    reader = who()
    try:
        given = _proved(reader)
        with transaction():
            made = actions.make_recovery_codes(reader, given["current"], given["code"])
    except Invalid as why:
        return _page(why)
    except SecondFactorIsOff as why:
        tell(why)
        return go(url_for(".show"))
    return _codes_page(made)


@blueprint.post("/end")
def turn_off() -> ResponseReturnValue:
    reader = who()
    try:
        given = _proved(reader)
        with transaction():
            actions.turn_off(reader, given["current"], given["code"])
    except Invalid as why:
        return _page(why)
    flash(_("Your authenticator app is turned off. Your password alone signs you in."), "success")
    return go(url_for("account.show"))


def _proved(reader: Who) -> dict[str, str]:
    """Password and code as they were sent, counted as tries."""
    given: dict[str, str] = read_form(ProofForm(), request.form)
    _count_password(reader)
    with transaction():
        actions.throttle_own_code(reader)
    return given


def _count_password(reader: Who) -> None:
    with transaction():
        actions.throttle_password_change(reader, network())


def _page(why: Invalid | None = None) -> ResponseReturnValue:
    """`errors` belong to the form that was sent: two of them have the same fields."""
    reader = who()
    return form_page(
        "second_factor/show.html",
        why,
        email=queries.addressee(reader.user_id).email,
        second_factor=queries.second_factor_of(reader),
        sent=request.endpoint,
    )


def _set_up_page(begun: actions.SetUp, why: Invalid | None = None) -> ResponseReturnValue:
    key = " ".join(begun.secret[start : start + 4] for start in range(0, len(begun.secret), 4))
    return form_page("second_factor/set_up.html", why, begun=begun, key=key, picture=_picture(begun.address))


def _codes_page(made: Sequence[str]) -> ResponseReturnValue:
    return form_page("second_factor/codes.html", made=made)


def _picture(address: str) -> Markup:
    """The address as a QR code, drawn in the page: nobody else is asked for it."""
    drawn = io.BytesIO()
    segno.make(address, micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=False, nl=False, omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704  # squares alone: nothing of what was sent

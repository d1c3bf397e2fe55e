"""Coming in, going out, and a new password for somebody who forgot theirs."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.people import actions, ceremonies
from marketplace.people.actions import HalfWay
from marketplace.people.errors import PasskeyRefused, TokenExpired, TokenInvalid, TokenUsed
from marketplace.people.models import Proof
from marketplace.people.schemas import AddressForm, CodeForm, CredentialForm, NewPasswordForm, SignInForm
from marketplace.web import session
from marketplace.web.passkeys import keep_challenge, kept_challenge
from marketplace.web.visitors import form_page, go, local, network, welcome, without_referrer

blueprint = Blueprint("auth", __name__)


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    who = session.who_or_none()
    return welcome(who, request.args.get("next", "")) if who else _sign_in_page()


@blueprint.post("/sign-in")
def enter() -> ResponseReturnValue:
    try:
        given = read_form(SignInForm(), request.form)
        with transaction():
            actions.throttle_sign_in(given["email"], network(), session.mark_for(given["email"]))
        with transaction():
            found = actions.sign_in(**given)
            known = found if isinstance(found, HalfWay) else session.opened(found)
    except Refusal as why:
        return _sign_in_page(why)
    wanted = request.form.get("next", "")
    if isinstance(known, HalfWay):
        return ask_for_code(known, wanted)
    session.begin(known)
    return welcome(known, wanted)


def ask_for_code(half: HalfWay, wanted: str) -> ResponseReturnValue:
    """To the second step of signing in, for somebody whose password was right."""
    session.wait_half_way(half, wanted)
    return go(url_for("auth.code"))


@blueprint.get("/sign-in/code")
def code() -> ResponseReturnValue:
    """`with=recovery` asks for a recovery code; either is taken on both pages."""
    return form_page("auth/code.html") if session.half_way() else go(url_for(".sign_in"))


@blueprint.post("/sign-in/code")
def enter_with_code() -> ResponseReturnValue:
    kept = session.half_way()
    if kept is None:
        return go(url_for(".sign_in"))
    token, wanted = kept
    try:
        given = read_form(CodeForm(), request.form)
        with transaction():
            actions.throttle_code(token, network(), request.cookies)
        with transaction():
            found, proof = actions.finish_sign_in(token, given["code"])
            who = session.opened(found, proof)
    except (TokenInvalid, TokenExpired, TokenUsed):
        session.leave_half_way()
        flash(_("That took too long, or your account was changed meanwhile. Sign in once more."), "warning")
        return go(url_for(".sign_in", next=wanted))
    except Refusal as why:
        return form_page("auth/code.html", why)
    session.begin(who)
    return welcome(who, wanted)


@blueprint.post("/sign-in/passkey/challenge")
def ask_for_passkey() -> ResponseReturnValue:
    """What the browser is to have signed, for its script: JSON."""
    with transaction():
        actions.throttle_passkeys(network())
    with transaction():
        challenge_id, options = actions.ask_for_passkey()
    keep_challenge(challenge_id)
    return dict(options)


@blueprint.post("/sign-in/passkey")
def enter_with_passkey() -> ResponseReturnValue:
    try:
        given = read_form(CredentialForm(), request.form)
        with transaction():
            challenge = actions.take_challenge(kept_challenge())
        with transaction():
            who = session.opened(actions.sign_in_with_passkey(given["credential"], challenge), Proof.PASSKEY)
    except Invalid:
        return _sign_in_page(PasskeyRefused())
    except Refusal as why:
        return _sign_in_page(why)
    session.begin(who)
    return welcome(who, request.form.get("next", ""))


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """`next` keeps somebody who follows an invitation on its page."""
    session.end()
    return go(local(request.form.get("next", "")) or url_for("front.show"))


@blueprint.get("/forgot")
def forgot() -> ResponseReturnValue:
    return form_page("auth/forgot.html")


@blueprint.post("/forgot")
def ask_for_letter() -> ResponseReturnValue:
    """The answer is the same for an address that we know and for any other."""
    try:
        email = read_form(AddressForm(), request.form)["email"]
        with transaction():
            actions.throttle_letters("reset", email, network())
        with transaction():
            actions.start_password_reset(email)
    except Invalid as why:
        return form_page("auth/forgot.html", why)
    return go(url_for(".letter_sent"))


@blueprint.get("/forgot/sent")
def letter_sent() -> ResponseReturnValue:
    return form_page("auth/letter_sent.html")


@blueprint.get("/reset")
def choose_password() -> ResponseReturnValue:
    return without_referrer(form_page("auth/reset.html"))


@blueprint.post("/reset")
def reset() -> ResponseReturnValue:
    try:
        given = read_form(NewPasswordForm(), request.form)
        with transaction():
            person = actions.reset_password(given["token"], given["password"])
            session.remember(person.id, person.session_epoch)
    except (TokenInvalid, TokenExpired, TokenUsed) as why:
        return form_page("auth/reset_over.html", why)
    except Invalid as why:
        return without_referrer(form_page("auth/reset.html", why))
    session.end()
    flash(_("Your password is set. Sign in with it."), "success")
    return go(url_for(".sign_in"))


def _sign_in_page(why: Refusal | None = None) -> ResponseReturnValue:
    return form_page("auth/sign_in.html", why, passkey_site=ceremonies.site())

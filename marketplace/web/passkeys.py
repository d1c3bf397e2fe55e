"""A person's passkeys: one is made in two steps, since the browser must be asked between them; renamed, removed."""

import json
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.people import actions, ceremonies, queries
from marketplace.people.errors import ChallengeOver, PasskeyRefused, PasskeyTaken, TooManyPasskeys
from marketplace.people.schemas import NewPasskeyForm, PasskeyForm, PasskeyNameForm
from marketplace.web.session import who
from marketplace.web.visitors import form_page, go, network, tell

blueprint = Blueprint("passkeys", __name__, url_prefix="/account/passkeys")

#: where the session keeps which challenge its browser was given
_CHALLENGE = "passkey_challenge"


@blueprint.get("")
def new() -> ResponseReturnValue:
    return _page()


@blueprint.post("/challenge")
def ask() -> ResponseReturnValue:
    """The first step: who asks gives the password again; the answer is the page on which the browser is asked."""
    reader = who()
    try:
        given = read_form(NewPasskeyForm(), request.form)
        with transaction():
            actions.throttle_password_change(reader, network())
        if given["code"]:
            with transaction():
                actions.throttle_own_code(reader)
        with transaction():
            challenge_id, options = actions.ask_for_new_passkey(reader, given["current"], given["code"])
    except (Invalid, TooManyPasskeys) as why:
        return _page(why)
    keep_challenge(challenge_id)
    return form_page(
        "passkeys/make.html", name=given["name"], options=json.dumps(options), passkey_site=ceremonies.need_site()
    )


@blueprint.post("")
def add() -> ResponseReturnValue:
    """The second step, with what the browser has made."""
    reader = who()
    try:
        given = read_form(PasskeyForm(), request.form)
        with transaction():
            challenge = actions.take_challenge(kept_challenge(), reader)
        with transaction():
            row = actions.add_passkey(reader, given["name"], given["credential"], challenge)
    except (Invalid, ChallengeOver, PasskeyRefused, PasskeyTaken) as why:
        tell(why)
        return go(url_for(".new"))
    flash(_("The passkey “%(name)s” signs you in from now on.", name=row.name), "success")
    return go(url_for("account.show"))


@blueprint.post("/<uuid:passkey_id>/name")
def rename(passkey_id: UUID) -> ResponseReturnValue:
    reader = who()
    try:
        given = read_form(PasskeyNameForm(), request.form)
        with transaction():
            actions.rename_passkey(reader, passkey_id, given["name"])
    except Invalid as why:
        tell(why)
        return go(url_for("account.show"))
    flash(_("The passkey is called “%(name)s” now.", name=given["name"]), "success")
    return go(url_for("account.show"))


@blueprint.post("/<uuid:passkey_id>/removal")
def remove(passkey_id: UUID) -> ResponseReturnValue:
    reader = who()
    with transaction():
        row = actions.remove_passkey(reader, passkey_id)
    flash(_("The passkey “%(name)s” is removed. You can delete it on your device as well.", name=row.name), "success")
    return go(url_for("account.show"))


def keep_challenge(challenge_id: UUID) -> None:
    """Have this browser's session keep which challenge it was given last."""
    cookie[_CHALLENGE] = str(challenge_id)


def kept_challenge() -> UUID | None:
    """Which challenge that was; it is asked for once."""
    kept = cookie.pop(_CHALLENGE, None)
    return UUID(kept) if kept else None


def _page(why: Refusal | None = None) -> ResponseReturnValue:
    reader = who()
    return form_page(
        "passkeys/new.html",
        why,
        passkey_site=ceremonies.need_site(),
        email=queries.addressee(reader.user_id).email,
        second_factor=queries.second_factor_of(reader),
    )

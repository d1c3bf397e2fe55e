"""API keys of an organisation: made, shown once, revoked."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.kit import idempotency
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid, Refusal
from marketplace.kit.forms import read_form
from marketplace.kit.i18n import gettext as _
from marketplace.kit.once import asked, form_key
from marketplace.people import Who, actions, queries
from marketplace.people.errors import EmailNotConfirmed, TooManyKeys
from marketplace.people.schemas import KeyForm
from marketplace.people.wording import POWERS
from marketplace.web.session import who
from marketplace.web.visitors import form_page, go

blueprint = Blueprint("keys", __name__, url_prefix="/keys")


@blueprint.get("")
def index() -> ResponseReturnValue:
    return _page()


@blueprint.post("")
def make() -> ResponseReturnValue:
    """The answer is the only page that ever shows the secret; nothing keeps it, so it does not lead elsewhere."""
    reader = who()
    try:
        wanted = read_form(KeyForm(), request.form, scopes=request.form.getlist("scopes"))
        with transaction():
            actions.throttle_access(reader)
        with transaction():
            secret = _make_once(reader, wanted["name"], wanted["scopes"])
    except (Invalid, EmailNotConfirmed, TooManyKeys) as why:
        return _page(why)
    if secret is None:
        flash(_("This key was made a moment ago. If you did not copy it, revoke it and make another one."), "warning")
        return go(url_for(".index"))
    return form_page("keys/made.html", secret=secret, name=wanted["name"])


@blueprint.post("/<uuid:key_id>/revocation")
def revoke(key_id: UUID) -> ResponseReturnValue:
    reader = who()
    with transaction():
        key = actions.revoke_api_key(reader, key_id)
    flash(_("The key “%(name)s” has ended.", name=key.name), "success")
    return go(url_for(".index"))


def _make_once(reader: Who, name: str, scopes: list[str]) -> str | None:
    """The secret of a new key, or None when the same form was sent before: a second click makes no second key."""
    if idempotency.claim(reader.org_id, form_key(), asked(name, sorted(scopes))):
        return None
    return actions.create_api_key(reader, name, scopes)[1]


def _page(why: Refusal | None = None) -> ResponseReturnValue:
    reader = who()
    return form_page(
        "keys/index.html",
        why,
        keys=queries.api_keys_for(reader),
        powers=[(power.value, POWERS[power.value]) for power in sorted(reader.powers)],
        words=POWERS,
        ticked=request.form.getlist("scopes"),
        key=uuid4(),
    )

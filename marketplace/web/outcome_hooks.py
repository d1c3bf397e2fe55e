"""The buyer's address for its CRM: made, renewed, revoked, and what the CRM's stages mean."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.kit import idempotency
from marketplace.kit.db import transaction
from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.kit.once import asked, form_key
from marketplace.notices.sending import public_url
from marketplace.orders.outcomes import REPORTED, hooks
from marketplace.orders.outcomes.hooks import IGNORED, HookUnknown, OutcomeHook
from marketplace.orders.outcomes.wording import STAGE_ACTS
from marketplace.people import Power, Who, actions
from marketplace.web.session import who
from marketplace.web.visitors import go, without_referrer

blueprint = Blueprint("outcome_hooks", __name__, url_prefix="/orders/outcomes/hook")

_PASSED_OVER = "ignored"


@blueprint.get("")
def show() -> ResponseReturnValue:
    return _page()


@blueprint.post("")
def renew() -> ResponseReturnValue:
    """The answer is the only page that ever shows the address; nothing keeps it, so it does not lead elsewhere."""
    buyer = who()
    with transaction():
        actions.throttle_access(buyer)
    with transaction():
        secret = _renewed_once(buyer)
    if secret is None:
        flash(_("This address was made a moment ago. If you did not copy it, make another one."), "warning")
        return go(url_for(".show"))
    page = render_template("outcome_hooks/made.html", address=_address(secret), example=_example(secret))
    return without_referrer(page)


@blueprint.post("/stages")
def map_stages() -> ResponseReturnValue:
    buyer = who()
    try:
        with transaction():
            hooks.map_stages(buyer, {stage: request.form.get(name, "").split(",") for name, stage, _words in _fields()})
    except HookUnknown:
        return go(url_for(".show"))
    except Invalid as why:
        return _page(why)
    flash(_("The stages are mapped."), "success")
    return go(url_for(".show"))


@blueprint.post("/revocation")
def revoke() -> ResponseReturnValue:
    with transaction():
        hooks.revoke(who())
    flash(_("The address no longer accepts anything."), "success")
    return go(url_for(".show"))


def _renewed_once(buyer: Who) -> str | None:
    """The secret, or None when the same form was sent before: a second click ends no address that was just copied."""
    return None if idempotency.claim(buyer.org_id, form_key(), asked()) else hooks.renew(buyer)


def _page(why: Invalid | None = None) -> ResponseReturnValue:
    buyer = who()
    hook = hooks.hook_for(buyer)
    page = render_template(
        "outcome_hooks/show.html",
        hook=hook,
        works=hook is not None and hooks.maker_of(hook) is not None,
        can_make=buyer.can(Power.KEYS_WRITE),
        fields=[(name, words, _said(name, stage, hook, why)) for name, stage, words in _fields()],
        example=_example(f"{hook.hint}…" if hook and hook.hint else "flh_…"),
        errors=why.fields if why else {},
        key=uuid4(),
    )
    return page, why.status if why else HTTPStatus.OK


def _fields() -> list[tuple[str, str, str]]:
    """Each field of the mapping: its name, our stage, what it is called."""
    stages = [(stage.value, stage.value, str(STAGE_ACTS[stage])) for stage in REPORTED]
    return [*stages, (_PASSED_OVER, IGNORED, str(_("Passed over")))]


def _said(name: str, stage: str, hook: OutcomeHook | None, why: Invalid | None) -> str:
    if why:
        return request.form.get(name, "")
    stages: dict[str, Any] = hook.stages if hook else {}
    return ", ".join(sorted(word for word, ours in stages.items() if ours == stage))


def _address(secret: str) -> str:
    return f"{public_url()}/api/v1/hooks/{secret}/outcomes"


def _example(secret: str) -> str:
    body = '{"event_id": "817", "lead_id": "01a2...", "dealstage": "closedwon", "amount": "1200.50", "currency": "USD"}'
    return f"curl -X POST {_address(secret)} -H 'Content-Type: application/json' -d '{body}'"

"""Setup intents: saving a card for payments while its owner is away."""

from marketplace.stripe_emulator.paying import attempts, setups
from marketplace.stripe_emulator.protocol.errors import CardDeclined, InvalidParameter, NotPossible
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import boolean, choice, many, metadata, shape, text, url
from marketplace.stripe_emulator.protocol.present import public
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.resources import payment_methods
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

resource = Resource("setup_intents")
_WAITING = {"requires_payment_method", "requires_confirmation"}

_LIST = list_params(customer=text(), payment_method=text())
_CREATE = shape(
    automatic_payment_methods=shape(("enabled",), enabled=boolean(), allow_redirects=choice("always", "never")),
    confirm=boolean(),
    customer=text(),
    description=text(1000),
    metadata=metadata(),
    payment_method=text(),
    payment_method_types=many(choice("card")),
    return_url=url(),
    usage=choice("off_session", "on_session"),
)
_CONFIRM = shape(payment_method=text(), return_url=url())
_CANCEL = shape(cancellation_reason=choice("abandoned", "duplicate", "requested_by_customer"))
_DETAILS = ("automatic_payment_methods", "customer", "description", "metadata", "usage")


@resource.post("/setup_intents")
def create(work: Work, params: Json) -> Json:
    given = _CREATE(params, "")
    if "customer" in given:
        work.get("customer", given["customer"], param="customer")
    if "return_url" in given and not given.get("confirm"):
        raise InvalidParameter("`return_url` can only be set when `confirm=true`.", param="return_url")
    method = _method(work, given.get("payment_method"), given.get("customer"))
    setup = setups.create(work, **{name: given[name] for name in _DETAILS if name in given})
    if method:
        work.change(setup, payment_method=method["id"], status="requires_confirmation")
    return _confirm(work, setup, method, given) if given.get("confirm") else setup


@resource.get("/setup_intents/<setup_id>")
def retrieve(work: Work, _params: Json, setup_id: str) -> Json:
    return work.get("setup_intent", setup_id)


@resource.get("/setup_intents")
def list_setups(work: Work, params: Json) -> Json:
    return page(work, "setup_intent", "/v1/setup_intents", _LIST(params, ""))


@resource.post("/setup_intents/<setup_id>/confirm")
def confirm(work: Work, params: Json, setup_id: str) -> Json:
    given = _CONFIRM(params, "")
    setup = work.get("setup_intent", setup_id)
    _check_status(setup, _WAITING, "confirm")
    method = _method(work, given.get("payment_method") or setup["payment_method"], setup["customer"])
    return _confirm(work, setup, method, given)


@resource.post("/setup_intents/<setup_id>/cancel")
def cancel(work: Work, params: Json, setup_id: str) -> Json:
    reason = _CANCEL(params, "").get("cancellation_reason")
    setup = work.get("setup_intent", setup_id)
    _check_status(setup, {*_WAITING, "requires_action"}, "cancel")
    return setups.cancel(work, setup, reason)


def _confirm(work: Work, setup: Json, method: Json | None, given: Json) -> Json:
    if not method:
        raise NotPossible(
            "You cannot confirm this SetupIntent because it's missing a payment method.",
            code="setup_intent_unexpected_state",
        )
    if payment_methods.card_of(method).wants_owner("automatic"):
        question_url = f"{work.world.public_url}/bank/{setup['id']}"
        return setups.ask_owner(work, setup, method, question_url, given.get("return_url"))
    attempts.save(work, setup, method)
    if error := setup["last_setup_error"]:
        raise CardDeclined(error, setup_intent=public(setup), payment_method=public(method))
    return setup


def _method(work: Work, method_id: str | None, customer: str | None) -> Json | None:
    if not method_id:
        return None
    method = payment_methods.named(work, method_id)
    payment_methods.check_unused(method)
    return payment_methods.checked_owner(method, customer) if method["customer"] else method


def _check_status(setup: Json, allowed: set[str], verb: str) -> None:
    if setup["status"] not in allowed:
        raise NotPossible(
            f"You cannot {verb} this SetupIntent because it has a status of {setup['status']}.",
            code="setup_intent_unexpected_state",
        )

"""From an HTTP request to Stripe's answer: key, faults, idempotency, the endpoint's work, the JSON."""

import base64
import binascii
import hmac
import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from marketplace.stripe_emulator.errors import (
    InternalError,
    InvalidParameter,
    KeyInUse,
    RateLimited,
    Refusal,
    Unauthorized,
    UnknownAddress,
)
from marketplace.stripe_emulator.faults import Faults, RequestFault
from marketplace.stripe_emulator.form import parse
from marketplace.stripe_emulator.idempotency import Answer, RunningKeys, checked_key, save_answer, saved_answer
from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.present import expand, public
from marketplace.stripe_emulator.resource import Act, Endpoint, Resource
from marketplace.stripe_emulator.schedule import run_due
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import API_VERSION, Cause, Work, World


@dataclass(frozen=True)
class Call:
    """One request, as far as all endpoints treat it alike."""

    path: str
    params: Json
    expand: Any
    key: str | None
    request_id: str

    @property
    def cause(self) -> Cause:
        return Cause(self.request_id, self.key)


def add_resource(app: Flask, world: World, running: RunningKeys, resource: Resource) -> None:
    """Give every endpoint of the resource its address."""
    for endpoint in resource.endpoints:
        name = f"{resource.name}.{endpoint.act.__name__}"
        app.add_url_rule(endpoint.address, name, _view(world, running, endpoint), methods=[endpoint.method])


def _view(world: World, running: RunningKeys, endpoint: Endpoint) -> Callable[..., Response]:
    def view(**ids: str) -> Response:
        request_id = new_id("req", 14)
        try:
            _authenticate(world.secret_key)
            fault = world.faults.for_request(request.method, request.path)
            _refuse_early(fault)
            answer = _answer(world, running, _read_call(request_id), endpoint.act, ids, fault)
        except Refusal as refusal:
            return _respond(Answer(refusal.status, _text(refusal.body()), request_id))
        if fault is RequestFault.TIMEOUT_AFTER_COMMIT:
            return Response(_BrokenConnection(world.faults))
        response = _respond(answer)
        if answer.status == InternalError.status:
            response.headers["Stripe-Should-Retry"] = "false"  # the key would only replay it
        return response

    return view


def _authenticate(secret_key: str) -> None:
    """Stripe takes its key as a bearer token, or as the user name of basic authentication."""
    given = _given_key(request.headers.get("Authorization", ""))
    if not given:
        raise Unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header."
        )
    if not hmac.compare_digest(given.encode(), secret_key.encode()):
        raise Unauthorized(f"Invalid API Key provided: {given[:7]}****{given[-4:] if len(given) > 16 else ''}")  # noqa: PLR2004


def _given_key(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _refuse_early(fault: RequestFault | None) -> None:
    if fault is RequestFault.ERROR_BEFORE:
        raise InternalError
    if fault is RequestFault.RATE_LIMIT:
        raise RateLimited
    if fault is RequestFault.CONFLICT:
        raise KeyInUse(request.headers.get("Idempotency-Key", ""))


def _read_call(request_id: str) -> Call:
    encoded = request.get_data(as_text=True) if request.method == "POST" else request.query_string.decode()
    params = parse(encoded)
    wanted = params.pop("expand", [])
    key = checked_key(request.headers.get("Idempotency-Key")) if request.method == "POST" else None
    return Call(request.path, params, wanted, key, request_id)


def _answer(
    world: World, running: RunningKeys, call: Call, act: Act, ids: dict[str, str], fault: RequestFault | None
) -> Answer:
    with running.hold(call.key), _up_to_date(world, call.cause) as work:
        compared = {"params": call.params, "expand": call.expand}
        saved = saved_answer(work.rows, call.key, call.path, compared, work.now) if call.key else None
        if saved:
            return saved
        answer = _done(work, call, act, ids, fault)
        if call.key:
            save_answer(work.rows, call.key, call.path, compared, answer, work.now)
        return answer


def _up_to_date(world: World, cause: Cause) -> AbstractContextManager[Work]:
    """A unit of work after everything that is due by now."""
    run_due(world)
    return world.work(cause)


def _done(work: Work, call: Call, act: Act, ids: dict[str, str], fault: RequestFault | None) -> Answer:
    """Do the endpoint's work. A refusal that Stripe would remember is an answer too; others leave no trace."""
    status = 200
    try:
        if fault is RequestFault.SAVED_ERROR:
            raise InternalError
        body = expand(work, public(act(work, call.params, **ids)), call.expand)
        if fault is RequestFault.SAVED_ERROR_AFTER:
            raise InternalError
    except Refusal as refusal:
        if not refusal.saved:
            raise
        status, body = refusal.status, refusal.body()
    return Answer(status, _text(body), call.request_id)


class _BrokenConnection:
    """A body whose first piece fails: the server then ends the connection without any answer."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def __iter__(self) -> "_BrokenConnection":
        return self

    def __next__(self) -> bytes:
        time.sleep(self._faults.hang_seconds)
        raise ConnectionResetError


def _respond(answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status, content_type="application/json")
    response.headers["Request-Id"] = answer.request_id if not answer.is_replayed else new_id("req", 14)
    response.headers["Stripe-Version"] = API_VERSION
    if key := request.headers.get("Idempotency-Key"):
        response.headers["Idempotency-Key"] = key
        response.headers["Original-Request"] = answer.request_id
    if answer.is_replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _text(body: Json) -> str:
    return json.dumps(body, indent=2) + "\n"


def answer_http_error(error: HTTPException) -> Response:
    """An address that the emulator does not know, or a fault of its own, in Stripe's form."""
    refusal: Refusal = InternalError()
    if error.code in {404, 405}:
        refusal = UnknownAddress(f"Unrecognized request URL ({request.method}: {request.path}).")
    elif error.code == 413:  # noqa: PLR2004
        refusal = InvalidParameter("The request is too large.")
    return _respond(Answer(refusal.status, _text(refusal.body()), new_id("req", 14)))

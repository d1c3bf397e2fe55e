"""From an HTTP request to Stripe's answer: key, faults, idempotency, the endpoint's work, the JSON."""

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from marketplace.stripe_emulator.faults import Faults, RequestFault
from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.calls import Call, authenticate, check_account, read_call
from marketplace.stripe_emulator.protocol.errors import (
    InternalError,
    InvalidParameter,
    KeyInUse,
    RateLimited,
    Refusal,
    UnknownAddress,
)
from marketplace.stripe_emulator.protocol.idempotency import Answer, save_answer, saved_answer
from marketplace.stripe_emulator.protocol.present import expand, public
from marketplace.stripe_emulator.protocol.resource import Endpoint, Resource
from marketplace.stripe_emulator.schedule import run_due
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import API_VERSION, Work, World, world_of


def add_resource(app: Flask, resource: Resource) -> None:
    """Give every endpoint of the resource its address."""
    for endpoint in resource.endpoints:
        name = f"{resource.version}.{resource.name}.{endpoint.act.__name__}"
        app.add_url_rule(endpoint.address, name, _view(endpoint), methods=[endpoint.method])


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    def view(**ids: str) -> Response:
        request_id = new_id("req", 14)
        world = world_of(current_app)
        try:
            authenticate(world.secret_key)
            fault = world.faults.for_request(request.method, request.path)
            _refuse_early(fault)
            answer = _answer(world, read_call(request_id), endpoint, ids, fault)
        except Refusal as refusal:
            return _respond(Answer(refusal.status, _text(refusal.body()), request_id))
        if fault is RequestFault.TIMEOUT_AFTER_COMMIT:
            return Response(_BrokenConnection(world.faults))
        return _respond(answer)

    return view


def _refuse_early(fault: RequestFault | None) -> None:
    if fault is RequestFault.ERROR_BEFORE:
        raise InternalError
    if fault is RequestFault.RATE_LIMIT:
        raise RateLimited
    if fault is RequestFault.CONFLICT:
        raise KeyInUse(request.headers.get("Idempotency-Key", ""))


def _answer(world: World, call: Call, endpoint: Endpoint, ids: dict[str, str], fault: RequestFault | None) -> Answer:
    with world.running.hold(call.key), _up_to_date(world, call) as work:
        check_account(work, call.account)
        saved = saved_answer(work.rows, call.key, call.path, call.compared, work.now) if call.key else None
        if saved:
            return _again(work, call, endpoint, saved) if call.is_v2 else saved
        return _first_v2(work, call, endpoint, ids, fault) if call.is_v2 else _first(work, call, endpoint, ids, fault)


def _up_to_date(world: World, call: Call) -> AbstractContextManager[Work]:
    """A unit of work after everything that is due by now."""
    run_due(world)
    return world.work(call.cause, call.account)


def _first(work: Work, call: Call, endpoint: Endpoint, ids: dict[str, str], fault: RequestFault | None) -> Answer:
    """Do the endpoint's work. A refusal that Stripe would remember is an answer too; others leave no trace."""
    status = 200
    try:
        if fault is RequestFault.SAVED_ERROR:
            raise InternalError
        body = expand(work, public(endpoint.act(work, call.params, **ids)), call.expand)
        if fault is RequestFault.SAVED_ERROR_AFTER:
            raise InternalError
    except Refusal as refusal:
        if not refusal.saved:
            raise
        status, body = refusal.status, refusal.body()
    return _kept(work, call, Answer(status, _text(body), call.request_id, is_final=status == InternalError.status))


def _first_v2(work: Work, call: Call, endpoint: Endpoint, ids: dict[str, str], fault: RequestFault | None) -> Answer:
    """API v2 remembers only what succeeded: a request that failed is done again under its key."""
    if fault is RequestFault.SAVED_ERROR:
        raise InternalError
    body = public(endpoint.act(work, call.params, **ids))
    answer = _kept(work, call, Answer(200, _text(body), call.request_id))
    if fault is RequestFault.SAVED_ERROR_AFTER:
        return Answer(InternalError.status, _text(InternalError().body()), call.request_id)
    return answer


def _again(work: Work, call: Call, endpoint: Endpoint, saved: Answer) -> Answer:
    """A repeated request of API v2 changes nothing, and shows its object as it is now."""
    if not endpoint.again:
        return saved
    included = {"include": call.params["include"]} if "include" in call.params else {}
    body = public(endpoint.again(work, included, json.loads(saved.body)["id"]))
    return Answer(saved.status, _text(body), saved.request_id, is_replayed=True)


def _kept(work: Work, call: Call, answer: Answer) -> Answer:
    if call.key:
        save_answer(work.rows, call.key, call.path, call.compared, answer, work.now)
    return answer


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
    if answer.is_final:
        response.headers["Stripe-Should-Retry"] = "false"  # the key would only replay it
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

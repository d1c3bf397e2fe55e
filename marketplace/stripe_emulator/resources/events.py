"""Events: what happened, as the webhook tells it and as the list remembers it."""

from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.lists import list_params, page
from marketplace.stripe_emulator.protocol.params import many, text
from marketplace.stripe_emulator.protocol.present import public
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.webhooks.outbox import enqueue
from marketplace.stripe_emulator.world import API_VERSION, Work

resource = Resource("events")
_LIST = list_params(type=text(), types=many(text(), most=20))


def record(work: Work, kind: str, subject: Json, previous: Json | None = None) -> Json:
    """Store the event with the object as it is now, and queue its webhook. `previous`: changed fields, as before."""
    data = {"object": public(subject)} | ({"previous_attributes": previous} if previous is not None else {})
    event = work.add(
        {
            "id": new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": work.now,
            "data": data,
            **({"account": work.account} if work.account else {}),
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": work.cause.request_id, "idempotency_key": work.cause.idempotency_key},
            "type": kind,
        }
    )
    enqueue(work, event, work.world.faults.for_event(kind))
    return event


@resource.get("/events/<event_id>")
def retrieve(work: Work, _params: Json, event_id: str) -> Json:
    return work.get("event", event_id)


@resource.get("/events")
def list_events(work: Work, params: Json) -> Json:
    given = _LIST(params, "")
    kinds = given.pop("types", None) or [given.pop("type", "*")]
    return page(work, "event", "/v1/events", given, lambda event: any(_is_kind(event["type"], kind) for kind in kinds))


def _is_kind(kind: str, wanted: str) -> bool:
    """`charge.*` stands for all events of a charge."""
    return kind.startswith(wanted[:-1]) if wanted.endswith("*") else kind == wanted

"""Thin events: that something happened to an object of API v2. What it was is fetched."""

from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.lists_v2 import page, page_params
from marketplace.stripe_emulator.protocol.params import many, text
from marketplace.stripe_emulator.protocol.resource import Resource
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.webhooks.outbox import enqueue
from marketplace.stripe_emulator.world import Work

resource = Resource("events", "v2")
_LIST = page_params(object_id=text(), types=many(text(), most=20))


def record(work: Work, kind: str, account: Json | None, data: Json | None = None) -> Json:
    """Store the event, and queue a webhook that only names its account, if it is about one.

    `data` is shown to whoever fetches the event.
    """
    request = {"id": work.cause.request_id, "idempotency_key": work.cause.idempotency_key or ""}
    event = work.add(
        {
            "id": new_id("evt_test", 50),
            "object": "v2.core.event",
            "context": None,
            "created": work.time,
            "livemode": False,
            "reason": {"request": request, "type": "request"} if work.cause.request_id else None,
            **({"related_object": _named(account)} if account else {}),
            "type": kind,
            "_data": data,
        }
    )
    enqueue(work, event, work.world.faults.for_event(kind))
    return event


def _named(account: Json) -> Json:
    return {"id": account["id"], "type": "v2.core.account", "url": f"/v2/core/accounts/{account['id']}"}


@resource.get("/core/events/<event_id>")
def retrieve(work: Work, _params: Json, event_id: str) -> Json:
    return _full(work.get("v2.core.event", event_id))


@resource.get("/core/events")
def list_events(work: Work, params: Json) -> Json:
    given = _LIST(params, "")
    about, kinds = given.get("object_id"), given.get("types")

    def fits(event: Json) -> bool:
        return about in {None, event.get("related_object", {}).get("id")} and (kinds is None or event["type"] in kinds)

    return page(work, "v2.core.event", "/v2/core/events", given, fits, _full)


def _full(event: Json) -> Json:
    return event | ({"data": event["_data"]} if event["_data"] is not None else {})

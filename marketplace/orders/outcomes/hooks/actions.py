"""Making, renewing and revoking a hook; taking in what it delivers."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.orders.many import Told, named
from marketplace.orders.outcomes.hooks.errors import EventDiffers, HookUnknown
from marketplace.orders.outcomes.hooks.models import IGNORED, HookEvent, OutcomeHook
from marketplace.orders.outcomes.hooks.queries import digest_of, hook_of, maker_of
from marketplace.orders.outcomes.hooks.reading import Delivered, Event, event_of, flat, is_ignored
from marketplace.orders.outcomes.hooks.reading import digest_of as digest_of_row
from marketplace.orders.outcomes.many import report_many
from marketplace.orders.outcomes.models import REPORTED
from marketplace.people import Power, Who

_BYTES, _HINT = 32, 6
_MOST_STAGES, _LONGEST_STAGE = 100, 80
#: a delivery that comes again later is a new one
_REMEMBERED = timedelta(days=90)


def renew(who: Who) -> str:
    """Make the hook, or give it another secret: the one before is refused at once. Returns the secret, this once.

    Raises Forbidden.
    """
    _need(who)
    secret = f"flh_{secrets.token_urlsafe(_BYTES)}"
    values = {
        "user_id": who.user_id,
        "token": digest_of(secret),
        "hint": secret[: _HINT + len("flh_")],
        "made_at": clock.now(),
    }
    row = insert(OutcomeHook).values(org_id=who.org_id, stages={}, **values)
    session().execute(row.on_conflict_do_update(index_elements=["org_id"], set_=values))
    record("outcome_hook.made", who.org_id, by=who, orgs=[who.org_id])
    return secret


def revoke(who: Who) -> None:
    """Revoke the address; its mapping stays. Idempotent. Raises Forbidden."""
    _need(who)
    row = session().get(OutcomeHook, who.org_id, with_for_update=True, populate_existing=True)
    if row and row.token:
        row.token = row.hint = None
        record("outcome_hook.revoked", who.org_id, by=who, orgs=[who.org_id])


def map_stages(who: Who, words: Mapping[str, Sequence[str]]) -> None:
    """Say what the CRM's stages mean. words: our stage, or `IGNORED`, and the CRM's words for it.

    Raises: Forbidden, HookUnknown, Invalid: a word stands twice, or there are too many.
    """
    _need(who)
    row = session().get(OutcomeHook, who.org_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise HookUnknown
    row.stages = _mapped(words)


def reporter_of(secret: str) -> Who:
    """In whose name a delivery is taken; the hook is locked, so that one comes after the other.

    Raises HookUnknown: also where whoever made the hook may not report outcomes any more.
    """
    hook = hook_of(secret)
    maker = maker_of(hook)
    if maker is None:
        raise HookUnknown
    hook.used_at = clock.now()
    return replace(maker, powers=frozenset({Power.ORDERS_WRITE, Power.ORDERS_READ}))


def take_in(who: Who, rows: Sequence[Mapping[str, Any]]) -> list[Told]:
    """Write down the outcomes that were delivered, each with a result of its own; what came before changes nothing.

    who: from `reporter_of`, in the same transaction.
    """
    hook = session().get_one(OutcomeHook, who.org_id)
    return _taken(who, hook.stages, [flat(row) for row in rows])


def _taken(who: Who, stages: Mapping[str, str], rows: Sequence[dict[str, Any]]) -> list[Told]:
    """Take all new rows at once, locking orders in one fixed order.

    Of the rows with one event the first speaks for all; a row without an event speaks for itself.
    """
    events = [event_of(row) for row in rows]
    known = _known(who.org_id, [event for event in events if event])
    first: dict[Event | int, int] = {}
    speaker = {
        index: first.setdefault(events[index] or index, index)
        for index, row in enumerate(rows)
        if not is_ignored(row, stages)
    }
    new = [index for index, speaks in speaker.items() if speaks == index and events[index] not in known]
    told = report_many(
        who, [Delivered(rows[index], stages) for index in new], [named(rows[index]) for index in new], via="hook"
    )
    results = dict(zip(new, told, strict=True))
    return [_result(who, index, row, results.get(speaker.get(index, -1)), known) for index, row in enumerate(rows)]


def _result(who: Who, index: int, row: dict[str, Any], told: Told | None, known: dict[Event, HookEvent]) -> Told:
    """How a row came out: new, as it came out before, or passed over: that is not kept, it may be mapped by then."""
    event, asked = event_of(row), digest_of_row(row)
    if event and (before := known.get(event)):
        differs = EventDiffers() if before.asked != asked else None
        return Told(index, before.order_id, before.outcome_id, differs)
    told = replace(told, index=index) if told else Told(index)
    if event and told.order_id and told.made_id and not told.refusal:
        taken = HookEvent(org_id=who.org_id, event_id=event[0], object_id=event[1], asked=asked,
                          order_id=told.order_id, outcome_id=told.made_id, at=clock.now())  # fmt: skip
        session().add(taken)
        known[event] = taken
    return told


def _known(org_id: UUID, events: Sequence[Event]) -> dict[Event, HookEvent]:
    ids = {event_id for event_id, _object in events}
    found = select(HookEvent).where(HookEvent.org_id == org_id, HookEvent.event_id.in_(ids))
    return {(row.event_id, row.object_id): row for row in session().scalars(found)}


def forget_old(most: int) -> int:
    """Drop some of the deliveries that no CRM sends again; how many."""
    old = select(HookEvent.org_id, HookEvent.event_id, HookEvent.object_id).where(
        HookEvent.at < clock.now() - _REMEMBERED
    )
    key = tuple_(HookEvent.org_id, HookEvent.event_id, HookEvent.object_id)
    gone = delete(HookEvent).where(key.in_(old.limit(most))).returning(HookEvent.event_id)
    return len(session().scalars(gone.execution_options(synchronize_session=False)).all())


def _mapped(words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    stages: dict[str, str] = {}
    for ours, theirs in words.items():
        if ours != IGNORED and ours not in {stage.value for stage in REPORTED}:
            continue
        for word in (each.strip().lower() for each in theirs):
            if word and (word in stages or len(word) > _LONGEST_STAGE):
                raise Invalid(
                    fields={ours or "ignored": _("“%(word)s” is there twice, or is too long.", word=word[:80])}
                )
            if word:
                stages[word] = ours
    if len(stages) > _MOST_STAGES:
        raise Invalid(fields={"ignored": _("Map at most %(most)s stages.", most=_MOST_STAGES)})
    return stages


def _need(who: Who) -> None:
    who.need(Power.ORDERS_WRITE)
    who.need(Power.KEYS_WRITE)

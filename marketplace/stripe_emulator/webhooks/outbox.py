"""The webhooks that are still to be delivered, in the store, so that a killed process forgets none.

Two clocks: the first retries follow real time, so that a receiver that restarts hears soon; the later ones follow
the emulator's clock, so that days can pass in a test. An event is given up three days after it was queued.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass

from marketplace.stripe_emulator.faults import EventFault
from marketplace.stripe_emulator.store import Json, Transaction
from marketplace.stripe_emulator.world import DAY, Work

QUICK = (0.25, 0.5, 1, 2, 4, 8, 15, 30)  # real seconds before the next attempt
SLOW = (300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 12 * 3600)  # the emulator's seconds; the last one repeats
GIVE_UP_AFTER = 3 * DAY
PLACES_BACK = 1.5  # a reordered event falls behind the next one
HELD_BACK = 0.5  # real seconds in which that one can overtake it


@dataclass(frozen=True)
class Delivery:
    id: int
    event_id: str
    attempts: int
    queued_at: int
    is_lost: bool  # this attempt is never going to reach the receiver


def enqueue(work: Work, event: Json, faults: Collection[EventFault] = ()) -> None:
    """Queue one event for the webhook address, with what goes wrong on its way."""
    now = work.world.timestamp()
    late = EventFault.REORDER in faults
    for copy in range(2 if EventFault.DUPLICATE in faults else 1):
        work.rows.run(
            "INSERT INTO deliveries (event_id, places_back, is_lost, queued_at, due_at, due_real)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            event["id"],
            PLACES_BACK if late else 0,
            copy == 0 and EventFault.DROP in faults,
            now,
            now + (work.world.faults.delay_seconds if EventFault.DELAY in faults else 0),
            time.time() + (HELD_BACK if late else 0),
        )


def due(rows: Transaction, now: int, real: float) -> list[Delivery]:
    """What is to be sent at this moment of the two clocks, in its order."""
    found = rows.rows(
        "SELECT id, event_id, attempts, queued_at, is_lost FROM deliveries WHERE due_at <= ? AND due_real <= ?"
        " ORDER BY id + places_back, id",
        now,
        real,
    )
    return [
        Delivery(row["id"], row["event_id"], row["attempts"], row["queued_at"], bool(row["is_lost"])) for row in found
    ]


def is_waiting(rows: Transaction, delivery: Delivery) -> bool:
    """Whether nobody has tried it since it was read."""
    return bool(rows.rows("SELECT 1 FROM deliveries WHERE id = ? AND attempts = ?", delivery.id, delivery.attempts))


def pending(rows: Transaction) -> int:
    """How many deliveries wait, due or not."""
    return int(rows.rows("SELECT count(*) AS n FROM deliveries")[0]["n"])


def mark_delivered(rows: Transaction, delivery: Delivery) -> None:
    rows.run("DELETE FROM deliveries WHERE id = ?", delivery.id)
    event = rows.find(delivery.event_id)
    if event and event.get("pending_webhooks"):
        rows.save({**event, "pending_webhooks": 0})


def mark_failed(rows: Transaction, delivery: Delivery, now: int, real: float) -> None:
    """Plan the next attempt, or give up."""
    tried = delivery.attempts + 1
    slow_tries = tried - len(QUICK)
    if slow_tries > 0 and now - delivery.queued_at >= GIVE_UP_AFTER:
        rows.run("DELETE FROM deliveries WHERE id = ?", delivery.id)
        return
    rows.run(
        "UPDATE deliveries SET attempts = ?, is_lost = 0, due_at = ?, due_real = ? WHERE id = ?",
        tried,
        now + (SLOW[min(slow_tries, len(SLOW)) - 1] if slow_tries > 0 else 0),
        real + (QUICK[tried - 1] if slow_tries <= 0 else 0),
        delivery.id,
    )

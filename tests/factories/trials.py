"""Exports of a CRM, as a buyer tries the score on them: everybody in them is a canary."""

import io
import random
from collections.abc import Sequence
from uuid import UUID

from marketplace.kit.db import transaction
from marketplace.people import Who
from marketplace.quality import trials
from marketplace.quality.trials import running

HEADER = ["id", "First Name", "Email", "Phone", "Source", "Visits", "Tags", "Created", "Stage"]


def rows(count: int = 240, *, signal: bool = True) -> list[list[str]]:
    """Leads of whom those from “referral” with many visits buy; tags are written by who closes the deal."""
    dice = random.Random(1)
    found = []
    for place in range(count):
        source, visits = dice.choice(["referral", "search", "social"]), dice.randint(1, 30)
        chance = (0.1 + 0.5 * (source == "referral") + visits / 80) if signal else 0.4
        stage = "Won" if dice.random() < chance else "Lost"
        person = [
            f"Canary{chr(97 + place % 26)}{chr(97 + place // 26)}",
            f"canary{place}@people.test",
            f"+1 512 867 {place:04d}",
        ]
        day = f"2026-{1 + place * 9 // count:02d}-{1 + place % 28:02d} 10:00"
        tags = "signed up" if stage == "Won" else "ringing"
        found.append([str(place), *person, source, str(visits), tags, day, stage])
    return found


def export(found: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(delimiter.join(cells) for cells in [HEADER, *found]).encode(encoding)


def waiting_trial(who: Who, count: int) -> str:
    """A trial that waits for its choice; no two counts are the same file."""
    with transaction():
        row = trials.begin(who, file_name="crm.csv")
        trial_id = row.id
    trials.take_in(who, trial_id, io.BytesIO(export(rows(count))), most=1 << 20)
    running.look(trial_id)
    return str(trial_id)


def told_trial(who: Who) -> str:
    """A trial that is done."""
    trial_id = UUID(waiting_trial(who, 180))
    with transaction():
        trials.start(who, trial_id, trials.Choice(target=8, value=1, order=7, columns=(4, 5, 6)))
    running.run(trial_id)
    return str(trial_id)

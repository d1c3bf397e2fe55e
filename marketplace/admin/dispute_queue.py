"""What waits for those who decide disputes: the lists, their counts, and which case comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for

from marketplace import disputes
from marketplace.disputes import REASONS, Dispute, DisputeLine, DisputeState, Reason, afterthought, verdicts
from marketplace.disputes.appealed import count_open
from marketplace.disputes.batches import count_proposed
from marketplace.disputes.reviews import count_waiting
from marketplace.disputes.rules import ENDS
from marketplace.disputes.verdicts import Waiting
from marketplace.kit import clock
from marketplace.kit.i18n import gettext as _
from marketplace.kit.paging import Ask
from marketplace.people import Who

READY, WAITING, APPEALS, ENDED = "", "waiting", "appeals", "ended"
_STATES = {READY: DisputeState.ANSWERED, WAITING: DisputeState.OPEN}
_ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list; `waiting` where it is ordered by what is at stake."""

    line: DisputeLine
    waiting: Waiting | None = None

    @property
    def id(self) -> UUID:
        return self.line.id

    @property
    def decide_by(self) -> datetime:
        return self.line.decide_by


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of a list, and what it shows: `state` as in its address, and the reason alone where one is wanted."""

    items: Sequence[Row]
    next_cursor: str | None
    state: str
    reason: str | None

    def after(self, dispute_id: UUID) -> Row | None:
        """The case that comes next, from the end the first one."""
        ids = [row.id for row in self.items]
        later = self.items[ids.index(dispute_id) + 1 :] if dispute_id in ids else ()
        return next((row for row in (*later, *self.items) if row.id != dispute_id), None)

    def address(self, row: Row | None) -> str:
        """Of a case of this list, or of the list."""
        if row:
            return url_for("admin_disputes.show", dispute_id=row.id, reason=self.reason)
        return url_for("admin_disputes.index", state=self.state or None, reason=self.reason)


def queue_of(who: Who, state: str, reason: str | None = None, cursor: str | None = None) -> Queue:
    """What can be decided or is to be answered, the most at stake first; appeals by their time; or what is over."""
    ask, reason = Ask(cursor, _ROWS), reason if reason in REASONS else None
    if state in _STATES:
        found = verdicts.queue_for(who, ask, _STATES[state], reason)
        return Queue([Row(each.line, each) for each in found.items], found.next_cursor, state, reason)
    lines = disputes.appealed_for(who, ask) if state == APPEALS else disputes.disputes_for(who, ask, states=ENDS)
    return Queue([Row(line) for line in lines.items], lines.next_cursor, state, None)


def state_of(dispute: Dispute) -> str:
    """In which list a case is found."""
    if dispute.is_open:
        return READY if dispute.state == DisputeState.ANSWERED else WAITING
    return APPEALS if any(each.is_open for each in disputes.appeals_of(dispute)) else ENDED


def around(who: Who, queue: Queue) -> dict[str, Any]:
    """The tabs with their counts, and the reasons that a list can be narrowed to."""
    counts, waiting = disputes.counts_by_state(who), disputes.counts_to_decide(who)
    shown = {
        READY: (_("Ready"), waiting.get(DisputeState.ANSWERED, 0)),
        WAITING: (_("Waiting"), waiting.get(DisputeState.OPEN, 0)),
        APPEALS: (_("Appeals"), count_open(who)),
        ENDED: (_("Ended"), sum(counts.get(each, 0) for each in ENDS)),
    }
    tabs = [
        {
            "label": label,
            "href": url_for("admin_disputes.index", state=name or None),
            "count": count,
            "current": name == queue.state,
        }
        for name, (label, count) in shown.items()
    ]
    tabs += [
        {"label": _("Second looks"), "href": url_for("admin_reviews.index"), "count": count_waiting(who)},
        {"label": _("Batches"), "href": url_for("admin_batches.index"), "count": count_proposed(who)},
    ]
    return {
        "tabs": tabs,
        "reasons": _reasons(who, queue),
        "dropped": afterthought.dropped_of(who),
        "now": clock.now(),
    }


def _reasons(who: Who, queue: Queue) -> list[dict[str, Any]]:
    if queue.state not in _STATES:
        return []
    counts = verdicts.counts_by_reason(who, _STATES[queue.state])
    told = [("", _("All reasons"), sum(counts.values()))]
    told += [(each.value, _(REASONS[each].name), counts[each.value]) for each in Reason if counts.get(each.value)]
    return [
        {
            "label": label,
            "count": count,
            "href": url_for("admin_disputes.index", state=queue.state or None, reason=value or None),
            "current": value == (queue.reason or ""),
        }
        for value, label, count in told
    ]

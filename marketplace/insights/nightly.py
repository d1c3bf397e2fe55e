"""Checking the books: all of them every night and when staff ask, what was sealed since then every hour."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from marketplace import events
from marketplace.events import SYSTEM
from marketplace.insights.health import INVARIANTS, run_checks
from marketplace.insights.models import CheckRun
from marketplace.kit import clock, limits
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.kit.invariants import Finding
from marketplace.ledger import blocks, tampering
from marketplace.ledger.blocks import Block
from marketplace.ledger.jobs import seal_waiting
from marketplace.people import Power, Who

#: so often an hour staff may ask for a run: on large books each takes minutes
_ASKED = limits.Limit("book_checks", 12, 3600)


@dataclass(frozen=True, slots=True)
class Health:
    """How every invariant stood at a moment."""

    at: datetime
    findings: Sequence[Finding]

    @property
    def holds(self) -> bool:
        return all(finding.holds for finding in self.findings)


def check_books(night: date | None = None) -> None:
    """Seal what waits, run every invariant and keep the result; one run for each night, whoever asks again.

    Opens its own transactions: the checks take minutes on large books, and hold no lock meanwhile.
    """
    with transaction():
        if night and session().scalar(select(CheckRun.id).where(CheckRun.night == night)):
            return
    seal_waiting()
    with transaction():
        head, began = blocks.head(), time.monotonic()
        at = clock.now()
    findings = run_checks()
    with transaction():
        _keep(night, at, int((time.monotonic() - began) * 1000), findings, head)


def watch_books() -> None:
    """Between two nights: verify the blocks that are newer than the last run, and have all checked again when they do
    not verify, when the last run found something, or when there was none yet.
    """
    with transaction():
        last = last_run()
        is_calm = last is not None and last.holds and not tampering.changed_since(last.head_number or 0)
    if not is_calm:
        check_books()


def ask_check(who: Who) -> None:
    """Have all of them checked now; the result is there when that has been done. Raises Forbidden, TooMany."""
    who.need(Power.LEDGER_READ)
    limits.spend(_ASKED, str(who.org_id))
    events.record("books.check_asked", who.org_id, by=who)


def health_for(who: Who) -> Health:
    """What the newest run found, whoever asked for it. Raises Forbidden.

    Before the first one, and only then, they are checked for the look itself.
    """
    who.need(Power.LEDGER_READ)
    run = last_run()
    if run is None:
        at = clock.now()
        return Health(at, run_checks())
    broken = {each["code"]: each for each in run.broken}
    titles = {each.code: each.title for each in INVARIANTS} | {code: each["title"] for code, each in broken.items()}
    rows = {code: each["rows"] for code, each in broken.items()}
    return Health(run.at, [Finding(code, titles.get(code, code), rows.get(code, [])) for code in run.rules])


def last_run() -> CheckRun | None:
    """The newest run."""
    return next(iter(last_runs(1)), None)


def last_runs(count: int) -> Sequence[CheckRun]:
    """The newest runs, newest first."""
    return session().scalars(select(CheckRun).order_by(CheckRun.id.desc()).limit(count)).all()


def run_counts() -> tuple[int, int, datetime | None]:
    """How many runs there were, how many of them found something, and when the first began."""
    failed = func.count().filter(func.jsonb_array_length(CheckRun.broken) > 0)
    runs, bad, first = session().execute(select(func.count(), failed, func.min(CheckRun.at))).one()
    return int(runs), int(bad), first


def _keep(night: date | None, at: datetime, took_ms: int, findings: Sequence[Finding], head: Block | None) -> None:
    before = last_run()
    broken = [{"code": each.code, "title": each.title, "rows": each.rows} for each in findings if not each.holds]
    run_id = new_id()
    written = session().execute(
        insert(CheckRun)
        .values(
            id=run_id,
            night=night,
            at=at,
            took_ms=took_ms,
            rules=[each.code for each in findings],
            broken=broken,
            head_number=head.number if head else None,
            head_hash=head.hash if head else None,
        )
        .on_conflict_do_nothing(index_elements=[CheckRun.night])
        .returning(CheckRun.id)
    )
    is_news = night is not None or before is None or before.holds
    if written.first() and broken and is_news:
        told = [{"code": each["code"], "title": each["title"], "rows": len(each["rows"])} for each in broken]
        events.record("books.broken", run_id, by=SYSTEM, rules=told)

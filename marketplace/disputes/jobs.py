"""Jobs of disputes: what we look up for them, what follows when a deadline passes, what quality learns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from uuid import UUID

import structlog

from marketplace.disputes import afterthought, batches, corrections, deposits, facts, findings, reviews, verdicts
from marketplace.disputes.verdicts.clocks import NOBODY, SILENT, TARDY, Clock
from marketplace.jobs import defer, job
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.logs import told_without_words

log = structlog.get_logger()

_BATCH = 100
#: so many purchases are told of in one transaction
_TOLD_AT_ONCE = 250


@job("disputes.look_into")
def look_into(subject_id: str) -> None:
    """Row, call, row: what we are about to ask is kept, the provider is asked, its answer is kept and weighed."""
    dispute_id = UUID(subject_id)
    with transaction():
        asked = verdicts.begin(dispute_id)
    provider = findings.line_provider()
    if asked and provider:
        line = provider.look_up(asked.number)
        with transaction():
            verdicts.take_in(dispute_id, asked, line)
    with transaction():
        verdicts.judge(dispute_id)


@job("disputes.judge")
def judge(subject_id: str) -> None:
    with transaction():
        verdicts.judge(UUID(subject_id))


@job("disputes.judge_orders")
def judge_orders(subject_ids: list[str]) -> None:
    """Something new is known of these orders: a call was logged, an outcome reported."""
    _judge_open([UUID(each) for each in subject_ids])


@job("disputes.go_on")
def go_on(subject_id: str) -> None:
    """A bank has let go of an order: its clocks run again."""
    with transaction():
        verdicts.give_time_back(UUID(subject_id))
        facts.tell([UUID(subject_id)])
    _judge_open([UUID(subject_id)])


@job("disputes.uphold_unanswered", every="*/5 * * * *")
def uphold_unanswered() -> None:
    _run_out(SILENT)


@job("disputes.decide_overdue", every="*/5 * * * *")
def decide_overdue() -> None:
    _run_out(TARDY)


@job("disputes.let_fall", every="* * * * * */10")
def let_fall() -> None:
    """What was decided at the desk half a minute ago, and not taken back, is decided now."""
    with transaction():
        afterthought.forget()
    _try_each(_found(afterthought.due_after), _fall)


def _fall(dispute_id: UUID) -> None:
    try:
        with transaction():
            afterthought.fall(dispute_id)
    except Refusal as why:  # it was withdrawn or answered meanwhile, a bank took the money: its author is told
        log.warning("dispute.decision_dropped", dispute=str(dispute_id), why=why.code)
        with transaction():
            afterthought.drop(dispute_id, why.code)


@job("disputes.weigh_missing", every="*/5 * * * *")
def weigh_missing() -> None:
    """Look into open disputes that have not been weighed yet."""
    with transaction():
        for dispute_id in findings.without_opinion(_BATCH):
            defer(look_into, subject_id=str(dispute_id))


@job("disputes.end_corrections", every="*/5 * * * *")
def end_corrections() -> None:
    with transaction():
        corrections.forget_left()
    _each(_found(corrections.due_after), corrections.end_one)


@job("disputes.settle_deposits", every="*/5 * * * *")
def settle_deposits() -> None:
    last: UUID | None = UUID(int=0)
    while last is not None:
        with transaction():
            last = deposits.settle_due(last)


@job("disputes.draw_review")
def draw_review(subject_id: str) -> None:
    """Whether a decision is looked at once more falls by lot when it is made."""
    with transaction():
        reviews.draw(UUID(subject_id))


@job("disputes.void_batches", every="*/5 * * * *")
def void_batches(subject_id: str = "") -> None:
    """Carry out what was approved, each order in a transaction of its own: one batch, or all that are under way."""
    with transaction():
        under_way = [UUID(subject_id)] if subject_id else batches.running()
    _try_each(under_way, _void)


def _void(batch_id: UUID) -> None:
    while _some_taken_off_sale(batch_id):
        pass
    _each(_found(partial(batches.left_after, batch_id)), partial(batches.void_one, batch_id))
    with transaction():
        batches.end(batch_id)


def _some_taken_off_sale(batch_id: UUID) -> bool:
    with transaction():
        return batches.take_off_sale(batch_id)


@job("disputes.tell_facts")
def tell_facts(subject_ids: Sequence[str]) -> None:
    """Each subject is a purchase, or a dispute or a sale of one."""
    named = [UUID(subject) for subject in subject_ids]
    for begin in range(0, len(named), _TOLD_AT_ONCE):
        with transaction():
            facts.tell(named[begin : begin + _TOLD_AT_ONCE])


@job("disputes.tell_due_facts", every="*/5 * * * *")
def tell_due_facts() -> None:
    """What becomes final through time alone, and sales that quality does not know yet."""
    told = _TOLD_AT_ONCE
    while told == _TOLD_AT_ONCE:
        with transaction():
            told = facts.tell_due(_TOLD_AT_ONCE)


def _judge_open(order_ids: Sequence[UUID]) -> None:
    with transaction():
        waiting = verdicts.open_disputes_of(order_ids)
    _each(waiting, verdicts.judge)


def _run_out(clock: Clock) -> None:
    _each(_found(clock.after), clock.act)


def _found(after: Callable[[UUID], Sequence[UUID]]) -> Iterator[UUID]:
    """Page after page, each once. after: the next of them behind an id."""
    page: Sequence[UUID] = [NOBODY]
    while page:
        with transaction():
            page = after(page[-1])
        yield from page


def _each(subject_ids: Iterable[UUID], act: Callable[[UUID], None]) -> None:
    """Each in a transaction of its own."""

    def committed(subject_id: UUID) -> None:
        with transaction():
            act(subject_id)

    _try_each(subject_ids, committed)


def _try_each(subject_ids: Iterable[UUID], run: Callable[[UUID], None]) -> None:
    """One that breaks stops no other. Raises: what the first of them broke with."""
    broken: list[Exception] = []
    for subject_id in subject_ids:
        try:
            run(subject_id)
        except Exception as error:  # noqa: BLE001  # an edge: it is raised below, after the others had their turn
            log.error("dispute.not_decided", subject=str(subject_id), **told_without_words(error))  # noqa: TRY400
            broken.append(error)
    if broken:
        raise broken[0]

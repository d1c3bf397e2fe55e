"""Writing down what is told."""

from collections.abc import Callable, Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.quality.facts.models import AuditState, Finding, LeadAudit, SoldLead
from marketplace.quality.facts.told import Sold


def tell(order_ids: Collection[UUID], read: Callable[[Sequence[UUID]], Iterable[Sold]]) -> None:
    """Write down how these purchases stand; purchases that `read` does not find are left out.

    `read` is called once nobody else tells anything, so that what it reads is never older than what is stored: news
    may come twice and in any order. A few hundred at a time.
    """
    one_at_a_time()
    wanted = sorted(set(order_ids))
    failed = _failed_audits(wanted)
    rows = [sold.to_row(failed.get(sold.order_id)) for sold in read(wanted)]
    if rows:
        new = insert(SoldLead)
        changed = {name: new.excluded[name] for name in rows[0] if name != "order_id"}
        statement = new.on_conflict_do_update(index_elements=[SoldLead.order_id], set_=changed)
        session().execute(statement, sorted(rows, key=lambda row: row["order_id"]))
        session().expire_all()  # what was read before may have changed


def due(most: int) -> Sequence[UUID]:
    """The next purchases that must be looked at because of the time alone."""
    found = select(SoldLead.order_id).where(SoldLead.due_at <= clock.now()).order_by(SoldLead.due_at)
    return session().scalars(found.limit(most)).all()


def one_at_a_time() -> None:
    """Wait until nobody else changes a fact; others wait until this transaction is over."""
    session().execute(select(func.pg_advisory_xact_lock(func.hashtext("sold_leads"))))


def _failed_audits(order_ids: Sequence[UUID]) -> dict[UUID, str]:
    failed = select(LeadAudit.order_id, LeadAudit.finding).where(
        LeadAudit.state == AuditState.FAILED, LeadAudit.finding != Finding.KNOWN
    )
    found = session().execute(failed.where(LeadAudit.order_id.in_(order_ids)))
    return {order_id: f"audit_{finding}" for order_id, finding in found if order_id}

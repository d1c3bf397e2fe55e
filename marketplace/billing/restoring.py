"""After a restore from a backup: what Stripe did in the time that was lost comes back into the books.

Until that is done nothing is asked of Stripe (`actions/homes.py`), so nothing is sent that was sent already. What the
restored rows know as wanted is looked up before it is asked for again (`calls/engine.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from marketplace.billing import calls, inbox
from marketplace.billing.actions import homes, payout_accounts
from marketplace.billing.calls.reconcile import one_of_many
from marketplace.billing.gateway import News
from marketplace.billing.models import BalanceLine, Home, PayoutAccount
from marketplace.billing.treasury_queries import unmatched
from marketplace.events.models import Event
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.money import Money

#: Stripe lists events for 30 days
REMEMBERS = timedelta(days=30)
#: what brings money in stands first: what left afterwards was paid from it
_COMES_IN = ("checkout.", "payment_intent.", "charge.succeeded", "charge.updated")
_ADOPTED = (
    "top_up.adopted",
    "card_refund.adopted",
    "payout.adopted",
    "payout_account.adopted",
    "sweep.adopted",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What reading Stripe's news again has brought.

    Attributes:
        since: from when on they were read.
        is_whole: Stripe still remembers all of that time.
        adopted: how often each kind of row that was lost is known again, by the name of its event.
        owed: what agencies and buyers got in that time and do not have in the restored books, by currency.
        left: news that could not be settled; the worker tries them again, then they are dead letters.
        unmatched: movements of our balance that the books do not know (yet).
    """

    since: datetime
    is_whole: bool
    adopted: dict[str, int]
    owed: Sequence[Money]
    left: Sequence[News]
    unmatched: Sequence[BalanceLine]


def restore(since: datetime | None = None) -> Report:
    """Read Stripe's news again and settle them. An edge; may be stopped and repeated at any point.

    Args:
        since: from when on; without it from an hour before the backup was last seen at home by a worker.

    Raises:
        PaymentsAway: Stripe does not answer; nothing is asked of it until this has been done.
    """
    with transaction():
        home = homes.open_restore(since)
    _adopt_accounts()
    began = home.since or home.opened_at
    left = [news for news in _once(calls.gateway().events.since(began)) if not inbox.take_in(news)]
    calls.reconcile()
    calls.reconcile_balance()
    with transaction():
        return _report(home, began, left)


def finish() -> None:
    """Stripe may be asked again, in a transaction of the caller."""
    homes.settle_restore()


def is_settled() -> bool:
    """Whether nothing of a restore is left to be done, in a transaction of the caller."""
    return homes.is_settled()


def _once(all_news: Sequence[News]) -> Iterator[News]:
    """Of all news about one thing only the first: what is settled is how the thing stands now."""
    seen = set()
    for news in sorted(all_news, key=lambda each: not each.type.startswith(_COMES_IN)):
        handler = inbox.handler_of(news)
        about = id(handler), news.account_id, news.object_id
        if handler and about not in seen:
            seen.add(about)
            yield news


def _adopt_accounts() -> None:
    with transaction():
        known = set(session().scalars(select(PayoutAccount.stripe_id)))
    for stripe_id, org_id in calls.gateway().accounts.everybody():
        if stripe_id not in known:
            with one_of_many(stripe_id):
                found = calls.gateway().accounts.get(stripe_id)
                with transaction():
                    payout_accounts.adopt_account(org_id, found)


def _report(home: Home, since: datetime, left: Sequence[News]) -> Report:
    adopted = Event.name.in_(_ADOPTED) & (Event.at >= home.opened_at)
    found = session().execute(select(Event.name, func.count()).where(adopted).group_by(Event.name))
    counts = {row[0]: row[1] for row in found}
    owed_cents, currency = Event.data["owed_cents"].as_integer(), Event.data["currency"].as_string()
    owed = select(currency, func.sum(owed_cents)).where(adopted, owed_cents > 0).group_by(currency)
    return Report(
        since=since,
        is_whole=clock.now() - since < REMEMBERS,
        adopted={name: counts.get(name, 0) for name in _ADOPTED},
        owed=[Money(int(cents), code) for code, cents in session().execute(owed)],
        left=left,
        unmatched=unmatched(),
    )

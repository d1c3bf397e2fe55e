"""Who buys what in the purchase bench: buyers with keys and full wallets, and as many leads as are asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, cast, func, insert, literal, select

from marketplace import catalog, leads, ledger
from marketplace.catalog import Listing, ListingState
from marketplace.events import SYSTEM
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.leads import Lead
from marketplace.ledger import Account, credit, debit
from marketplace.people import Who, actions, queries, terms

PRICE = Money(5_00, "USD")
BUYERS = 64
_AGENCIES, _LISTINGS_EACH = 8, 4
_FORTUNE = 10**11
_FIRST_LEAD = 0x0199_0000_0000_7000_8000 << 48
_PREFIX = str(UUID(int=_FIRST_LEAD))[:24]
_AT_ONCE = 20_000
_OWN = ("id", "external_id")


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who buys: by SQL as this organisation and person, over HTTP with this key."""

    org_id: UUID
    user_id: UUID
    key: str


@dataclass(slots=True)
class World:
    """Buyers, and leads numbered from 0, of which `stocked` exist: copies of one real lead of each listing."""

    buyers: list[Buyer]
    originals: list[UUID]
    stocked: int = 0

    def stock(self, count: int) -> None:
        """See to it that leads 0 to `count` - 1 are on sale."""
        while self.stocked < count:
            upto = min(self.stocked + _AT_ONCE, count)
            with transaction():
                session().execute(_copies(self.originals, range(self.stocked, upto)))
            self.stocked = upto


def build() -> World:
    """Make everybody. Each has done what a real buyer or agency does before the first purchase."""
    with transaction():
        staff = _member("staff", 0)
    agencies, buyers = [], []
    for number in range(_AGENCIES):
        with transaction():
            agencies.append(_ready("agency", number, staff))
    for number in range(BUYERS):
        with transaction():
            buyers.append(_buyer(_ready("buyer", number, staff)))
    with transaction():
        originals = [_listing_with_a_lead(who, n) for who in agencies for n in range(_LISTINGS_EACH)]
    return World(buyers, originals)


def lead_id(number: int) -> UUID:
    """The id of a lead by its number."""
    return UUID(int=_FIRST_LEAD | number)


def _copies(originals: list[UUID], numbers: range) -> Any:
    """The statement that copies them in turn. The sealed contacts stay bound to the originals: nobody reads them."""
    copied = [column for column in Lead.__table__.c if column.name not in _OWN]
    nth = (func.row_number().over(order_by=Lead.id) - 1).label("nth")
    original = select(*copied, nth).where(Lead.id.in_(originals)).subquery()
    n = select(func.generate_series(numbers.start, numbers.stop - 1).label("n")).subquery().c.n
    new = cast(literal(_PREFIX).concat(func.lpad(func.to_hex(n), 12, "0")), Uuid)
    names = [column.name for column in copied]
    rows = select(new, *(original.c[name] for name in names)).where(original.c.nth == n % len(originals))
    return insert(Lead).from_select(["id", *names], rows)


def _member(kind: str, number: int) -> Who:
    org = actions.open_organisation(kind, f"{kind} {number}", "US")
    email = f"{kind}{number}@example.com"
    actions.create_user(email=email, name="Dana Ortiz", password=new_id().hex, org_id=org.id, role="owner")
    session().flush()
    return queries.who_of_address(email)


def _ready(kind: str, number: int, staff: Who) -> Who:
    """Confirmed, with accepted terms, verified by staff."""
    who = _member(kind, number)
    actions.accept_terms(who, terms.current())
    actions.verify_organisation(staff, who.org_id)
    session().flush()
    return queries.who_of_address(f"{kind}{number}@example.com")


def _buyer(who: Who) -> Buyer:
    _row, key = actions.create_api_key(who, "bench", sorted(who.powers))
    lines = [debit(Account.STRIPE_CLEARING, _FORTUNE), credit(Account.WALLET_CASH, _FORTUNE, who.org_id)]
    ledger.post(
        "adjustment", key=f"adjustment:{new_id()}", reference=who.org_id, currency="USD", lines=lines, by=SYSTEM
    )
    return Buyer(who.org_id, who.user_id, key)


def _listing_with_a_lead(agency: Who, number: int) -> UUID:
    listing = catalog.create(agency, _offer(number))
    catalog.move(agency, listing.id, ListingState.ACTIVE)
    return _only_lead(listing, leads.receive(listing, [_lead(number)], by=agency))


def _only_lead(listing: Listing, received: Iterable[leads.Received]) -> UUID:
    for result in received:
        if result.lead_id:
            return result.lead_id
    raise RuntimeError(f"the lead of {listing.title} was refused")


def _offer(number: int) -> dict[str, Any]:
    return {
        "vertical": "education",
        "title": f"Career courses {number}",
        "kind": "targeted",
        "pricing": "per_lead",
        "price_cents": PRICE.amount,
        "currency": PRICE.currency,
        "exclusivity": "exclusive",
        "max_buyers": 1,
        "window_days": 7,
        "default_country": "US",
        "temperature": "warm",
        "origin": "landing_page",
        "incentive": "",
    }


def _lead(number: int) -> dict[str, Any]:
    asked = clock.now().isoformat()
    return {
        "first_name": "Maria",
        "last_name": "Sandoval",
        "phone": f"+1512{number + 322:03d}4471",
        "email": f"maria.sandoval{number}@gmail.com",
        "city": "Austin",
        "region": "TX",
        "postal_code": "78701",
        "country": "US",
        "submitted_at": asked,
        "fill_seconds": 48,
        "channel": "search",
        "consent": {"text": "I agree to be contacted.", "version": "1", "at": asked, "method": "form"},
        "answers": {"subject": "nursing", "study_mode": "online", "start": "now", "budget": 3200},
    }

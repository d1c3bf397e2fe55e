"""What an agency does with its listings: make, change, open, pause, archive."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from marketplace.catalog import rules
from marketplace.catalog.commission import Pricing
from marketplace.catalog.errors import FixedTerm, SameTerms, WrongPricing, WrongState
from marketplace.catalog.models import GradeTerms, Listing, ListingState, ListingVersion
from marketplace.catalog.queries import find_for
from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.i18n import gettext as _
from marketplace.people import Power, Who


def create(who: Who, terms: Mapping[str, Any]) -> Listing:
    """Make a draft from validated terms (the fields of `Listing` without its id, owner and state)."""
    who.need(Power.LISTINGS_WRITE)
    listing = Listing(agency_id=who.org_id, state=ListingState.DRAFT, version=1, created_at=clock.now(), **terms)
    session().add(listing)
    session().flush()
    _keep_version(listing)
    record("listing.created", listing.id, by=who, orgs=[who.org_id], vertical=listing.vertical)
    return listing


def change(who: Who, listing_id: UUID, changes: Mapping[str, Any]) -> Listing:
    """Change terms; a listing that was open before gets a new version and keeps what buyers relied on.

    Raises:
        NotFound, Forbidden, FixedTerm, WrongPricing.
    """
    who.need(Power.LISTINGS_WRITE)
    listing = find_for(who, listing_id, lock=True)
    real = {name: value for name, value in changes.items() if getattr(listing, name) != value}
    if listing.state != ListingState.DRAFT and set(real) - rules.CHANGEABLE:
        raise FixedTerm(fields=dict.fromkeys(set(real) - rules.CHANGEABLE, FixedTerm.sentence))
    if not real:
        return listing
    if listing.state != ListingState.DRAFT and real.get("window_days", listing.window_days) < listing.window_days:
        _keep_window(listing)
    for name, value in real.items():
        setattr(listing, name, value)
    _must_fit(listing)
    if set(real) & set(rules.TERMS):
        listing.version += 1
        session().flush()
        _keep_version(listing)
    record("listing.changed", listing.id, by=who, orgs=[who.org_id], version=listing.version, changed=sorted(real))
    return listing


def move(who: Who, listing_id: UUID, state: ListingState) -> Listing:
    """Open, pause or archive; the state it has already is fine.

    Raises:
        NotFound, Forbidden, WrongState.
    """
    who.need(Power.LISTINGS_WRITE)
    listing = find_for(who, listing_id, lock=True)
    if listing.state == state:
        return listing
    if state not in rules.ALLOWED[ListingState(listing.state)]:
        raise WrongState
    record("listing.moved", listing.id, by=who, orgs=[who.org_id], from_state=listing.state, to_state=state.value)
    listing.state = state
    return listing


def _must_fit(listing: Listing) -> None:
    """A commission for leads that are paid by the sale, with a deposit of no more than is expected; else none."""
    is_per_sale, terms = listing.pricing == Pricing.PER_SALE, listing.per_sale
    if is_per_sale != (terms is not None):
        raise WrongPricing(fields={"commission": WrongPricing.sentence})
    if listing.curve and listing.curve.floor_cents > listing.price_cents:
        raise WrongPricing(fields={"price_curve": _("The least is more than the price.")})
    if terms and listing.price_cents > terms.expected_cents:
        raise WrongPricing(fields={"price": _("The deposit is more than the commission that is expected.")})


def _keep_window(listing: Listing) -> None:
    """A shorter window comes: who has read of the longer one and buys within a day still gets that."""
    now = clock.now()
    is_kept = listing.earlier_window_until and listing.earlier_window_until > now
    earlier = listing.earlier_window_days if is_kept else None
    listing.earlier_window_days = max(listing.window_days, earlier or 0)
    listing.earlier_window_until = now + rules.WINDOW_KEPT


def _keep_version(listing: Listing) -> None:
    session().add(
        ListingVersion(
            listing_id=listing.id, number=listing.version, terms=rules.terms_of(listing), created_at=clock.now()
        )
    )
    session().flush()


def set_grade_terms(who: Who, grade: str, changes: Mapping[str, Any], reason: str) -> GradeTerms:
    """New terms of a grade from now on; what was sold keeps its own. `changes` names columns of `GradeTerms`.

    Raises:
        Forbidden.
        SameTerms: nothing is to be different, perhaps because the same was sent twice.
    """
    who.need(Power.SETTINGS_WRITE)
    session().execute(select(func.pg_advisory_xact_lock(func.hashtext(f"grade_terms:{grade}"))))
    newest = select(GradeTerms).where(GradeTerms.grade == grade).order_by(GradeTerms.number.desc()).limit(1)
    before = session().scalars(newest).one()
    kept = {name: getattr(before, name) for name in _TERMS_OF_GRADE}
    if kept == {**kept, **changes}:
        raise SameTerms
    at = max(clock.now(), before.since)
    terms = GradeTerms(
        **{**kept, **changes}, grade=grade, number=before.number + 1, since=at, set_by=who.user_id, reason=reason
    )
    session().add(terms)
    session().flush()
    record("grade_terms.set", who.org_id, by=who, grade=grade, number=terms.number, reason=reason, **changes)
    return terms


_TERMS_OF_GRADE = (
    "fee_bp", "reserve_bp", "reserve_days", "payout_rhythm", "first_payout_days", "visibility_bp", "most_unmatured",
    "audit_bp",
)  # fmt: skip

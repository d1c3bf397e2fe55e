"""Promo money: given by staff, used before the wallet's own money, taken back when its time is over."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from marketplace import ledger
from marketplace.billing.corrections import party
from marketplace.billing.errors import UnknownOwner
from marketplace.billing.models import PromoGrant, Proposal
from marketplace.billing.proposals import Act, Draft, act
from marketplace.billing.rules import ALONE, TOGETHER
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.ledger import Account, credit, debit, post
from marketplace.ledger.models import LedgerAccount
from marketplace.people import OrgKind, Power, Who

#: how long a gift can be spent
LASTS = timedelta(days=90)
_BATCH = 50


def promo_for(who: Who, currency: str) -> int:
    """What a buyer can still spend of what it was given, in minor units."""
    who.need(Power.WALLET_READ)
    left = (
        select(func.coalesce(func.sum(LedgerAccount.balance), 0))
        .join(PromoGrant, PromoGrant.id == LedgerAccount.owner_id)
        .where(
            LedgerAccount.kind == Account.WALLET_PROMO,
            LedgerAccount.currency == currency,
            PromoGrant.org_id == who.org_id,
            PromoGrant.ends_at > clock.now(),
        )
    )
    return int(session().execute(left).scalar_one() or 0)


def expire_due() -> int:
    """Take back what is left of gifts whose time is over, at most 50 of them; how many is returned."""
    due = (
        select(PromoGrant)
        .join(LedgerAccount, LedgerAccount.owner_id == PromoGrant.id)
        .where(LedgerAccount.kind == Account.WALLET_PROMO, LedgerAccount.balance > 0, PromoGrant.ends_at <= clock.now())
        .order_by(PromoGrant.id)
        .limit(_BATCH)
        .with_for_update(of=PromoGrant, skip_locked=True)
    )
    grants = session().scalars(due).all()
    for grant in grants:
        left = ledger.balance(Account.WALLET_PROMO, grant.id, grant.currency)
        grant.expiries += 1
        post(
            "promo_expire",
            key=f"promo:{grant.id}:expire:{grant.expiries}",
            reference=grant.id,
            currency=grant.currency,
            lines=[debit(Account.WALLET_PROMO, left, grant.id), credit(Account.PROMO_EXPENSE, left)],
            by=SYSTEM,
        )
        record("promo.expired", grant.id, by=SYSTEM, orgs=[grant.org_id], cents=left)
    return len(grants)


def _draft(proposal: Proposal) -> Draft:
    """A gift to a buyer. Raises UnknownOwner."""
    if party(proposal.subject_id) != OrgKind.BUYER:
        raise UnknownOwner(fields={"about": UnknownOwner.sentence})
    cents = proposal.amount_cents
    lines = [debit(Account.PROMO_EXPENSE, cents), credit(Account.WALLET_PROMO, cents, proposal.id)]
    return Draft("promo_grant", f"promo:{proposal.id}:grant", proposal.id, lines)


def _given(proposal: Proposal, _who: Who) -> None:
    now = clock.now()
    session().add(
        PromoGrant(
            id=proposal.id,
            org_id=proposal.subject_id,
            amount_cents=proposal.amount_cents,
            currency=proposal.currency,
            ends_at=now + LASTS,
            expiries=0,
            created_at=now,
        )
    )
    session().flush()


def _concerns(proposal: Proposal) -> list[UUID]:
    return [proposal.subject_id]


act("promo_grant", Act(_l("Promo money for 90 days"), _draft, _concerns, _given, alone=ALONE, most=TOGETHER))

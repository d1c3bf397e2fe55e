"""Reading payouts and where they go, always for somebody: an agency sees its own, staff who read the books all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true

from marketplace import catalog, ledger
from marketplace.billing import payout_errors as errors
from marketplace.billing import payout_rules as rules
from marketplace.billing.actions.payout_accounts import account_of
from marketplace.billing.actions.payouts import fit_account, next_payout_at, refuse_another
from marketplace.billing.models import RESERVED, AccountState, Payout, PayoutAccount, PayoutState
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.errors import NotFound, Refusal
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask, Page, page
from marketplace.ledger import Account
from marketplace.people import Organisation, Power, Who


@dataclass(frozen=True, slots=True)
class Outlook:
    """When an agency is paid next, and how much it would be now.

    `at` is None while that cannot be said; `why_not` is what stands against a payout at this moment.
    """

    payable: Money
    rhythm: str
    first_days: int
    at: datetime | None
    why_not: Refusal | None


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A payout with whose it is."""

    payout: Payout
    agency: str

    @property
    def id(self) -> UUID:
        return self.payout.id


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account with whose it is."""

    account: PayoutAccount
    agency: str


def payout_account_for(who: Who) -> PayoutAccount | None:
    """Where an agency is paid to; None while it has never asked for that."""
    who.need(Power.BALANCE_READ)
    return account_of(who.org_id)


def payout_for(who: Who, payout_id: UUID) -> PayoutLine:
    """One payout. Raises NotFound, Forbidden."""
    row = session().execute(_lines(who).where(Payout.id == payout_id)).first()
    if row is None:
        raise NotFound
    return PayoutLine(*row)


def payouts_for(who: Who, ask: Ask, states: Sequence[str] = ()) -> Page[PayoutLine]:
    """Payouts, newest first."""
    found = _lines(who).where(Payout.state.in_(states)) if states else _lines(who)
    return page(found, ask, by=[Payout.id], key=lambda line: [line.id], build=lambda row: PayoutLine(*row))


def payout_inflight_for(who: Who, currency: str) -> int:
    """What is reserved for an agency's payouts and has not left yet, in minor units."""
    who.need(Power.BALANCE_READ)
    own = select(Payout.id).where(Payout.org_id == who.org_id, Payout.state.in_(RESERVED))
    return ledger.total(Account.PAYOUT_INFLIGHT, own, currency)


def on_its_way_for(who: Who, currency: str) -> int:
    """What has left for an agency's bank and has not arrived there as far as we know, in minor units."""
    who.need(Power.BALANCE_READ)
    left = select(func.coalesce(func.sum(Payout.amount_cents - Payout.returned_cents), 0)).where(
        Payout.org_id == who.org_id, Payout.currency == currency, Payout.state == PayoutState.SENT
    )
    return int(session().execute(left).scalar_one())


def outlook_for(who: Who, currency: str) -> Outlook:
    """When an agency is paid next, and what stands against it now."""
    who.need(Power.BALANCE_READ)
    terms = catalog.terms_of_agency(who.org_id)
    payable = ledger.balance(Account.SUPPLIER_PAYABLE, who.org_id, currency)
    at, why = None, None
    try:
        at = next_payout_at(who.org_id, currency)
        fit_account(who.org_id)
        refuse_another(who.org_id, currency)
        _refuse_small(payable)
    except Refusal as refusal:
        why = refusal
    return Outlook(Money(payable, currency), terms.payout_rhythm, terms.first_payout_days, at, why)


def accounts_for(who: Who, ask: Ask, *, held_only: bool = False) -> Page[AccountLine]:
    """Accounts of agencies for staff, newest first; `held_only`: those that no payout goes to. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    found = select(PayoutAccount, Organisation.name).join(Organisation, Organisation.id == PayoutAccount.org_id)
    if held_only:
        found = found.where(_stopped())
    return page(
        found, ask, by=[PayoutAccount.id], key=lambda line: [line.account.id], build=lambda row: AccountLine(*row)
    )


def account_line_for(who: Who, org_id: UUID) -> AccountLine:
    """Where one agency is paid to, for staff. Raises Forbidden, NotFound."""
    account = account_of_agency(who, org_id)
    if account is None:
        raise NotFound
    name = select(Organisation.name).where(Organisation.id == org_id)
    return AccountLine(account, session().execute(name).scalar_one())


def account_of_agency(who: Who, org_id: UUID) -> PayoutAccount | None:
    """The same, None while the agency has never asked to be paid. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    return account_of(org_id)


def _refuse_small(payable: int) -> None:
    if payable < rules.LEAST:
        raise errors.PayoutTooSmall


def _stopped() -> ColumnElement[bool]:
    is_held = PayoutAccount.hold.is_not(None) & (
        PayoutAccount.held_until.is_(None) | (PayoutAccount.held_until > clock.now())
    )
    return is_held | PayoutAccount.state.in_((AccountState.RESTRICTED, AccountState.CLOSED))


def _lines(who: Who) -> Select[Payout, str]:
    joined = select(Payout, Organisation.name).join(Organisation, Organisation.id == Payout.org_id)
    return joined.where(_visible_to(who))


def _visible_to(who: Who) -> ColumnElement[bool]:
    if who.is_staff:
        who.need(Power.LEDGER_READ)
        return true()
    who.need(Power.BALANCE_READ)
    return Payout.org_id == who.org_id

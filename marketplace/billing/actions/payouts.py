"""An agency is to be paid: asked for by its people or by the clock, and reserved at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from marketplace import catalog, ledger
from marketplace.billing import payout_errors as errors
from marketplace.billing import payout_rules as rules
from marketplace.billing.actions.payout_accounts import account_of
from marketplace.billing.actions.payout_rows import book, move
from marketplace.billing.actions.stripe_calls import ask
from marketplace.billing.gateway import Recipient
from marketplace.billing.models import AccountState, Hold, Payout, PayoutAccount, PayoutState
from marketplace.events import SYSTEM, Actor, record
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.kit.i18n import gettext as _
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.kit.render import moment
from marketplace.ledger import Account, credit, debit
from marketplace.people import NotVerified, Organisation, Power, Who

S = PayoutState
_OPEN = (S.REQUESTED, S.RESERVED, S.SENDING, S.UNKNOWN)
_UNFIT: dict[str, type[errors.AccountUnfit]] = {
    AccountState.RESTRICTED: errors.AccountRestricted,
    AccountState.CLOSED: errors.AccountClosed,
}


def ask_payout(who: Who, currency: str, wanted: Money | None = None) -> Payout:
    """An agency wants its earnings in this currency: all that is payable, or `wanted` of it.

    Raises:
        Forbidden, NotVerified, Overdrawn, and what stands in `payout_errors`.
    """
    who.need(Power.BALANCE_WRITE)
    return _ask(who.org_id, currency, wanted, by=who)


def ask_due_payout(org_id: UUID, currency: str) -> Payout:
    """The clock wants it: everything that is payable to an agency. Raises the same."""
    return _ask(org_id, currency, None, by=SYSTEM)


def ask_transfer(payout: Payout) -> None:
    """Have it sent. Another try, after Stripe had too little of ours, is another call with a key of its own."""
    payout.transfers, payout.again_at = payout.transfers + 1, None
    ask("send_payout", payout.id, f"payout:{payout.id}:transfer:{payout.transfers}")


def fit_account(org_id: UUID, *, lock: bool = False) -> PayoutAccount:
    """The agency's account, if by all that we know it may be paid there now. Raises NotVerified, AccountUnfit."""
    verified = session().scalars(select(Organisation.verified_at).where(Organisation.id == org_id)).one()
    if verified is None:
        raise NotVerified
    account = account_of(org_id, lock=lock)
    if account is None or account.stripe_id is None:
        raise errors.NoPayoutAccount
    if account.is_held:
        raise errors.AccountHeld if account.hold == Hold.BY_STAFF else _bank_changed(account)
    if account.state != AccountState.READY:
        raise unfit(account.state)
    return account


def unfit(state: str, found: Recipient | None = None) -> errors.AccountUnfit:
    """What Stripe has against an account that stands like this and is not ready."""
    return _UNFIT.get(state, errors.AccountUnfit)(found=found)


def next_payout_at(org_id: UUID, currency: str) -> datetime:
    """When the agency may be paid next in this currency. Raises NothingEarned, PayoutsStopped."""
    first = ledger.first_at(Account.SUPPLIER_PAYABLE, org_id, currency)
    if first is None:
        raise errors.NothingEarned
    terms = catalog.terms_of_agency(org_id)
    at = rules.next_at(first, terms.first_payout_days, terms.payout_rhythm, _last(org_id, currency))
    if at is None:
        raise errors.PayoutsStopped
    return at


def refuse_another(org_id: UUID, currency: str) -> None:
    """Raises PayoutUnderWay: one is being sent."""
    if session().scalar(select(Payout.id).where(_mine(org_id, currency), Payout.state.in_(_OPEN))):
        raise errors.PayoutUnderWay


def _ask(org_id: UUID, currency: str, wanted: Money | None, *, by: Actor) -> Payout:
    session().execute(select(Organisation.id).where(Organisation.id == org_id).with_for_update(key_share=True))
    account = fit_account(org_id, lock=True)
    _in_time(org_id, currency)
    refuse_another(org_id, currency)
    amount = wanted.amount if wanted else ledger.balance(Account.SUPPLIER_PAYABLE, org_id, currency)
    if amount < rules.LEAST:
        raise errors.PayoutTooSmall(fields={"amount": errors.PayoutTooSmall.sentence})
    payout = Payout(
        id=new_id(),
        org_id=org_id,
        asked_by=by.user_id,
        amount_cents=amount,
        currency=currency,
        state=S.REQUESTED,
        account_id=account.stripe_id,
        bank_last4=account.bank_last4,
        transfers=0,
        takings=0,
        returned_cents=0,
        created_at=clock.now(),
    )
    session().add(payout)
    _reserve(payout, by)
    ask_transfer(payout)
    return payout


def _bank_changed(account: PayoutAccount) -> errors.BankChanged:
    until = moment(account.held_until) if account.held_until else ""
    return errors.BankChanged(
        _(
            "Your bank account was changed. Payouts wait until %(when)s, or until we have checked that it was you.",
            when=until,
        )
    )


def _mine(org_id: UUID, currency: str) -> ColumnElement[bool]:
    return (Payout.org_id == org_id) & (Payout.currency == currency)


def _reserve(payout: Payout, by: Actor) -> None:
    """The money leaves the agency's balance: nobody can spend it twice. Raises Overdrawn."""
    move(payout, S.RESERVED)
    lines = [
        debit(Account.SUPPLIER_PAYABLE, payout.amount_cents, payout.org_id),
        credit(Account.PAYOUT_INFLIGHT, payout.amount_cents, payout.id),
    ]
    book(payout, "payout_reserve", f"payout:{payout.id}:reserve", lines, by)
    facts = {"cents": payout.amount_cents, "currency": payout.currency}
    record("payout.reserved", payout.id, by=by, orgs=[payout.org_id], **facts)


def _in_time(org_id: UUID, currency: str) -> None:
    at = next_payout_at(org_id, currency)
    if clock.now() < at:
        raise errors.PayoutTooEarly(_("Your next payout can be asked for from %(when)s.", when=moment(at)))


def _last(org_id: UUID, currency: str) -> datetime | None:
    """When the last payout was asked for that was made, and did not come back whole."""
    made = (Payout.state != S.CANCELED) & (Payout.returned_cents < Payout.amount_cents)
    return session().scalar(select(func.max(Payout.created_at)).where(_mine(org_id, currency), made))

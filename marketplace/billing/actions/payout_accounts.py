"""What happens to an agency's account at Stripe: asked for, opened, described anew, held by staff and let go."""

from uuid import UUID

from sqlalchemy import select

from marketplace.billing import payout_rules as rules
from marketplace.billing.actions.links import note_mark
from marketplace.billing.actions.stripe_calls import ask
from marketplace.billing.gateway import BankAccount, Recipient
from marketplace.billing.models import AccountState, Hold, MarkKind, PayoutAccount
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.crypto import blind_index
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.ids import new_id
from marketplace.people import EmailNotConfirmed, Organisation, OrgKind, Power, Who
from marketplace.people.queries.ties import keep_apart


def ask_account(who: Who) -> PayoutAccount:
    """An agency wants to be paid: its account is to be opened at Stripe. A second time is the same account.

    Raises:
        Forbidden, EmailNotConfirmed.
    """
    who.need(Power.BALANCE_WRITE)
    if not who.is_confirmed:
        raise EmailNotConfirmed
    own = select(Organisation).where(Organisation.id == who.org_id).with_for_update(key_share=True)
    org = session().scalars(own).one()
    known = account_of(who.org_id)
    if known:
        return known
    account = _new(org)
    ask("open_account", account.id, f"payout_account:{account.id}:open", at_once=False)
    record("payout_account.asked", account.id, by=who, orgs=[org.id])
    return account


def _new(org: Organisation) -> PayoutAccount:
    account = PayoutAccount(
        id=new_id(), org_id=org.id, country=org.country, state=AccountState.NEW, needs=[], created_at=clock.now()
    )
    session().add(account)
    session().flush()
    return account


def attach_account(account_id: UUID, found: Recipient) -> None:
    """Stripe has opened it."""
    account = locked(account_id)
    if account.stripe_id is None:
        account.stripe_id = found.id
        record("payout_account.opened", account.id, by=SYSTEM, orgs=[account.org_id], stripe_id=found.id)
    settle_account(found)


def forget_account(account_id: UUID) -> None:
    """Stripe will not open it: the agency may ask again."""
    account = locked(account_id)
    if account.stripe_id is None:
        record("payout_account.refused", account.id, by=SYSTEM, orgs=[account.org_id])
        session().delete(account)


def adopt_account(org_id: UUID, found: Recipient) -> PayoutAccount | None:
    """The account of an agency of ours that a restore has lost; None where the agency has one, or is none of ours."""
    agency = select(Organisation).where(Organisation.id == org_id, Organisation.kind == OrgKind.AGENCY)
    org = session().scalars(agency.with_for_update(key_share=True)).first()
    account = account_of(org_id)
    if org is None or (account and account.stripe_id):
        return None
    if account is None:
        account = _new(org)
    record("payout_account.adopted", account.id, by=SYSTEM, orgs=[org_id], stripe_id=found.id)
    attach_account(account.id, found)
    return account


def settle_account(found: Recipient) -> PayoutAccount | None:
    """Write down how an account stands at Stripe; webhook, return page and the check before a payout all come here.

    Another bank holds payouts for a week, or until staff have looked. Returns: None for an account that is not ours.
    """
    account = session().scalars(fresh(select(PayoutAccount).where(PayoutAccount.stripe_id == found.id))).first()
    if account is None:
        return None
    before, knew = AccountState(account.state), _waiting_for_user(account)
    _describe(account, found)
    if account.state == AccountState.READY and account.ready_at is None:
        account.ready_at = clock.now()
        record("payout_account.ready", account.id, by=SYSTEM, orgs=[account.org_id])
    stopped = account.state != before and account.state in (AccountState.RESTRICTED, AccountState.CLOSED)
    if account.ready_at and (stopped or _waiting_for_user(account) - knew):
        record("payout_account.wanting", account.id, by=SYSTEM, orgs=[account.org_id], state=account.state)
    return account


def hold_account(who: Who, org_id: UUID, reason: str) -> PayoutAccount:
    """Staff stop payouts to an agency until they let them go again. Raises Forbidden, NotFound, TooNear."""
    account = _of_staff(who, org_id)
    account.hold, account.hold_reason = Hold.BY_STAFF, reason
    account.held_at, account.held_until = clock.now(), None
    record("payout_account.held", account.id, by=who, orgs=[org_id], reason=reason)
    return account


def let_account_go(who: Who, org_id: UUID, reason: str) -> PayoutAccount:
    """Staff have checked an account whose bank was changed, or that they had stopped.

    Raises Forbidden, NotFound, TooNear.
    """
    account = _of_staff(who, org_id)
    if account.hold:
        was = account.hold
        _let_go(account)
        record("payout_account.let_go", account.id, by=who, orgs=[org_id], was=was, reason=reason)
    return account


def account_of(org_id: UUID, *, lock: bool = False) -> PayoutAccount | None:
    """The account of an agency that was found for somebody before."""
    statement = select(PayoutAccount).where(PayoutAccount.org_id == org_id)
    return session().scalars(fresh(statement) if lock else statement).first()


def locked(account_id: UUID) -> PayoutAccount:
    """An account, locked and as it is now."""
    return session().scalars(fresh(select(PayoutAccount).where(PayoutAccount.id == account_id))).one()


def _describe(account: PayoutAccount, found: Recipient) -> None:
    account.state = rules.standing_of(found, was_ready=account.ready_at is not None)
    account.transfers, account.payouts = found.transfers, found.payouts
    account.country = found.country or account.country
    account.needs = [{"what": need.what, "waits_for": need.waits_for, "trouble": need.trouble} for need in found.needs]
    account.looked_at = clock.now()
    if rules.bank_digest(found.banks) != (account.bank_digest or b""):
        _note_bank(account, found)
    for kind, digest in sorted(map(_mark_of, found.banks)):
        note_mark(account.org_id, kind, digest)


def _note_bank(account: PayoutAccount, found: Recipient) -> None:
    if account.bank_digest is not None and account.hold != Hold.BY_STAFF:
        _hold_for_bank(account)
    usual = found.banks[0] if found.banks else None
    account.bank_name, account.bank_last4 = (usual.name, usual.last4) if usual else (None, None)
    account.bank_digest, account.bank_since = rules.bank_digest(found.banks), clock.now()


def _mark_of(bank: BankAccount) -> tuple[MarkKind, bytes]:
    kind = MarkKind.CARD if bank.is_card else MarkKind.BANK
    return kind, blind_index(kind, bank.fingerprint)


def _hold_for_bank(account: PayoutAccount) -> None:
    account.hold, account.hold_reason = Hold.BANK_CHANGED, ""
    account.held_at = clock.now()
    account.held_until = account.held_at + rules.BANK_REST
    record("payout_account.bank_changed", account.id, by=SYSTEM, orgs=[account.org_id])


def _let_go(account: PayoutAccount) -> None:
    account.hold, account.hold_reason, account.held_at, account.held_until = None, "", None, None


def _waiting_for_user(account: PayoutAccount) -> set[str]:
    return {need["what"] for need in account.needs if need["waits_for"] == "user"}


def _of_staff(who: Who, org_id: UUID) -> PayoutAccount:
    who.need(Power.MONEY_WRITE)
    account = account_of(org_id, lock=True)
    if account is None:
        raise NotFound
    keep_apart(who, org_id)
    return account

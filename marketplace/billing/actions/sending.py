"""A reserved payout on its way: sent, doubted, refused. Each may arrive twice, and in any order."""

from uuid import UUID

from marketplace.billing import payout_errors as errors
from marketplace.billing import payout_rules as rules
from marketplace.billing.actions.payout_accounts import settle_account
from marketplace.billing.actions.payout_rows import book, locked, move, to_agency
from marketplace.billing.actions.payouts import fit_account
from marketplace.billing.errors import TooLittleAtStripe
from marketplace.billing.models import RESERVED, Payout, PayoutState
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.errors import Refusal
from marketplace.ledger import Account, debit

S = PayoutState


def start_sending(payout_id: UUID) -> tuple[Payout, bool]:
    """It is about to be sent, for the first time or once more.

    Before the first time everything is checked again that was checked when it was asked for; later nothing is refused
    here, because it may have been sent already.

    Returns: the payout, and whether this is once more.

    Raises:
        NotVerified, AccountUnfit.
    """
    payout = locked(payout_id)
    if payout.state == S.RESERVED:
        if fit_account(payout.org_id).stripe_id != payout.account_id:
            raise errors.AccountSwapped
        move(payout, S.SENDING)
        payout.sending_at = clock.now()
        return payout, False
    if payout.state == S.UNKNOWN:
        move(payout, S.SENDING)
    return payout, True


def doubt_payout(payout_id: UUID) -> None:
    """Whether it was sent is not known: the money stays reserved."""
    payout = locked(payout_id)
    if payout.state == S.SENDING:
        move(payout, S.UNKNOWN)
        record("payout.doubted", payout.id, by=SYSTEM, orgs=[payout.org_id])


def refuse_payout(payout_id: UUID, why: Refusal) -> None:
    """It was not sent, for certain. What our balance does not cover is tried again later; all else gives it back."""
    payout = locked(payout_id)
    if isinstance(why, errors.AccountUnfit) and why.found:
        settle_account(why.found)
    if payout.state not in RESERVED:
        return
    if isinstance(why, TooLittleAtStripe):
        _wait(payout)
    else:
        _give_back(payout, why)


def _wait(payout: Payout) -> None:
    move(payout, S.RESERVED)
    payout.again_at = clock.now() + rules.AGAIN
    record("payout.waits", payout.id, by=SYSTEM, orgs=[payout.org_id], tries=payout.transfers)


def _give_back(payout: Payout, why: Refusal) -> None:
    move(payout, S.CANCELED)
    payout.why, payout.ended_at = why.code, clock.now()
    lines = [debit(Account.PAYOUT_INFLIGHT, payout.amount_cents, payout.id), *to_agency(payout, payout.amount_cents)]
    book(payout, "payout_void", f"payout:{payout.id}:void", lines)
    record("payout.canceled", payout.id, by=SYSTEM, orgs=[payout.org_id], why=why.code)

"""Accounts of agencies at Stripe, and money on its way to them and back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from marketplace.billing import payout_rules as rules
from marketplace.billing.actions import arrivals, payout_accounts, sending, takings
from marketplace.billing.actions.payouts import unfit
from marketplace.billing.calls.engine import Call
from marketplace.billing.errors import NotAtStripe, PaymentsAway
from marketplace.billing.gateway import Gateway, Recipient, RecipientAsk, Transfer, TransferAsk
from marketplace.billing.models import AccountState, PayoutAccount
from marketplace.billing.payout_errors import AccountNotOpened, AccountUnfit, BankChanged, NotOnRecord
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.people import Organisation, Power, queries


def _prepare_account(account_id: UUID) -> RecipientAsk:
    account = payout_accounts.locked(account_id)
    org = session().scalars(select(Organisation).where(Organisation.id == account.org_id)).one()
    owner = queries.addressees(org.id, Power.BALANCE_WRITE)[0]
    return RecipientAsk(org_id=org.id, name=org.name, email=owner.email, country=account.country)


def _open(gateway: Gateway, wanted: RecipientAsk, key: str) -> Recipient:
    try:
        return gateway.accounts.create(wanted, key)
    except NotAtStripe as why:
        raise AccountNotOpened from why


OPEN_ACCOUNT = Call(
    kind="open_account",
    prepare=_prepare_account,
    make=_open,
    find=lambda gateway, wanted: gateway.accounts.find(wanted),
    settle=payout_accounts.attach_account,
    refuse=lambda account_id, _why: payout_accounts.forget_account(account_id),
)


@dataclass(frozen=True, slots=True)
class _Sending:
    """A transfer with what must still be true of its account.

    `since` is when it was tried first, `is_repeated` whether it is tried once more now.
    """

    ask: TransferAsk
    bank_digest: bytes
    since: datetime
    is_repeated: bool


#: before that nobody else takes up a call that is being made
_ALONE = timedelta(seconds=50)


def _prepare_sending(payout_id: UUID) -> _Sending:
    payout, is_repeated = sending.start_sending(payout_id)
    account = session().scalars(select(PayoutAccount).where(PayoutAccount.org_id == payout.org_id)).one()
    ask = TransferAsk(
        payout_id=payout.id,
        call=str(payout.transfers),
        amount=payout.amount,
        account_id=payout.account_id,
        label="Fairlead payout",  # the same whoever repeats the call
    )
    return _Sending(ask, account.bank_digest or b"", payout.sending_at or clock.now(), is_repeated)


def _send(gateway: Gateway, wanted: _Sending, key: str) -> Transfer:
    """Look at the account at Stripe once more, then send.

    An account that does not fit stops it, unless an earlier try of this call has sent it already.
    """
    why = _against(gateway, wanted)
    if why is None:
        return gateway.transfers.create(wanted.ask, key)
    made = gateway.transfers.find(wanted.ask)
    if made:
        return made
    age = clock.now() - wanted.since
    if age < rules.IN_FLIGHT and (wanted.is_repeated or age > _ALONE):
        raise PaymentsAway  # another try may still be on its way
    raise why


def _against(gateway: Gateway, wanted: _Sending) -> AccountUnfit | None:
    try:
        found = gateway.accounts.get(wanted.ask.account_id)
    except NotAtStripe:
        return NotOnRecord()
    standing = rules.standing_of(found, was_ready=True)
    if standing != AccountState.READY:
        return unfit(standing, found)
    return BankChanged(found=found) if rules.bank_digest(found.banks) != wanted.bank_digest else None


SEND_PAYOUT = Call(
    kind="send_payout",
    prepare=_prepare_sending,
    make=_send,
    find=lambda gateway, wanted: gateway.transfers.find(wanted.ask),
    settle=lambda _payout_id, transfer: arrivals.settle_transfer(transfer),
    refuse=sending.refuse_payout,
    doubt=sending.doubt_payout,
)


TAKE_BACK = Call(
    kind="take_payout_back",
    prepare=takings.start,
    make=lambda gateway, wanted, key: gateway.transfers.take_back(wanted.transfer_id, wanted.amount, wanted.call, key),
    find=lambda gateway, wanted: gateway.transfers.find_back(wanted.transfer_id, wanted.call),
    settle=lambda _payout_id, transfer: arrivals.settle_transfer(transfer),
    refuse=takings.refuse,
)

"""What Stripe's objects on the way to an agency are to us: its account, transfers to it, payouts to its bank."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marketplace.billing.gateway.objects import Settlement
from marketplace.kit.money import Money


@dataclass(frozen=True, slots=True)
class RecipientAsk:
    """Whom an account is wanted for."""

    org_id: UUID
    name: str
    email: str
    country: str


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that Stripe wants to know: its word for it (`identity.business_details.address`), and who has to act.

    `waits_for` is `user` or `stripe`; `trouble` says what is wrong with what was given, in Stripe's words.
    """

    what: str
    waits_for: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where Stripe pays a recipient; the fingerprint is the same for the same account, and no way back to it.

    `is_card`: it is paid to a debit card, whose fingerprint is that of the card when somebody pays with it.
    """

    name: str
    last4: str
    fingerprint: str
    is_card: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """A connected account. `transfers` and `payouts` are Stripe's words: `active`, `pending`, `restricted` ...; None
    where that was never asked for. The bank that it is usually paid to stands first.
    """

    id: str
    org_id: UUID | None
    country: str
    transfers: str | None
    payouts: str | None
    needs: tuple[Need, ...]
    is_closed: bool
    banks: tuple[BankAccount, ...]


@dataclass(frozen=True, slots=True)
class TransferAsk:
    """Money that is to go to a connected account. `call` names this very call among others for the same payout."""

    payout_id: UUID
    call: str
    amount: Money
    account_id: str
    label: str


@dataclass(frozen=True, slots=True)
class Reversal:
    """A part of a transfer that came back."""

    id: str
    amount: Money
    settlement: Settlement | None
    call: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money on a connected account, which knows it by `arrival_id`; `call` is which call of ours made it."""

    id: str
    payout_id: UUID | None
    amount: Money
    account_id: str
    arrival_id: str | None
    settlement: Settlement | None
    reversals: tuple[Reversal, ...]
    made_at: datetime
    call: str = ""


@dataclass(frozen=True, slots=True)
class BankPayout:
    """A payout from a balance at Stripe to a bank.

    Attributes:
        account_id: the connected account whose it is; None when it is ours.
        status: Stripe's word: `pending`, `in_transit`, `paid`, `failed`, `canceled`.
        why: Stripe's word for why it failed.
        sources: what went out with it, by the ids of the account's side.
        sweep_id, asked_by: the sweep that it is, when it is ours, and who asked for it.
        settlement, return_settlement: Stripe's account of its leaving, and of its coming back.
    """

    id: str
    account_id: str | None
    amount: Money
    status: str
    why: str
    created_at: datetime
    arrives_at: datetime
    sources: frozenset[str] = frozenset()
    sweep_id: UUID | None = None
    asked_by: UUID | None = None
    settlement: Settlement | None = None
    return_settlement: Settlement | None = None

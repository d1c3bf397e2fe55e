"""What staff can have booked by hand: goodwill, adjustments, written-off debts, and the undoing of these."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from marketplace import ledger
from marketplace.billing.errors import NotAdjustable, NothingOwed, NotReversible, UnknownOwner
from marketplace.billing.models import Proposal
from marketplace.billing.proposals import Act, Draft, act
from marketplace.billing.rules import ALONE, TOGETHER
from marketplace.kit.db import session
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.ledger import Account, Line, credit, debit, debt_first
from marketplace.people import Organisation, OrgKind

#: entries that were made by hand may be undone by hand; every other kind has its own way back
_REVERSIBLE = ("adjustment", "write_off")
#: what an adjustment may touch, and whose it is; what stands for an order, a payout or a payment has its own ways
ADJUSTABLE: Mapping[Account, OrgKind | None] = {
    Account.WALLET_CASH: OrgKind.BUYER,
    Account.BUYER_RECEIVABLE: OrgKind.BUYER,
    Account.SUPPLIER_PAYABLE: OrgKind.AGENCY,
    Account.SUPPLIER_RECEIVABLE: OrgKind.AGENCY,
    Account.FEE_REVENUE: None,
    Account.GOODWILL_EXPENSE: None,
    Account.PROCESSING_FEE: None,
    Account.DISPUTE_FEE: None,
    Account.TAX_PAYABLE: None,
    Account.BANK: None,
}
_CLAIMS: Mapping[Account, Account] = {
    Account.WALLET_CASH: Account.BUYER_RECEIVABLE,
    Account.SUPPLIER_PAYABLE: Account.SUPPLIER_RECEIVABLE,
}


def _goodwill(proposal: Proposal) -> Draft:
    """Our own money for somebody: a buyer's wallet, or what an agency is paid."""
    cents, org_id = proposal.amount_cents, proposal.subject_id
    into = {OrgKind.BUYER: Account.WALLET_CASH, OrgKind.AGENCY: Account.SUPPLIER_PAYABLE}[party(org_id)]
    return _draft("adjustment", proposal, [debit(Account.GOODWILL_EXPENSE, cents), credit(into, cents, org_id)])


def _adjustment(proposal: Proposal) -> Draft:
    """From one account to another: `data` names both, `{"debit": {"account", "owner"}, "credit": {...}}`."""
    (left, left_owner), (right, right_owner) = (_account(proposal.data[side]) for side in ("debit", "credit"))
    if (left, left_owner) == (right, right_owner):
        raise NotAdjustable
    cents = proposal.amount_cents
    return _draft("adjustment", proposal, [debit(left, cents, left_owner), credit(right, cents, right_owner)])


def _write_off(proposal: Proposal) -> Draft:
    """A debt that will not be paid. Raises NothingOwed."""
    org_id = proposal.subject_id
    owed = {OrgKind.BUYER: Account.BUYER_RECEIVABLE, OrgKind.AGENCY: Account.SUPPLIER_RECEIVABLE}[party(org_id)]
    if ledger.balance(owed, org_id, proposal.currency) < proposal.amount_cents:
        raise NothingOwed
    lines = [debit(Account.BAD_DEBT, proposal.amount_cents), credit(owed, proposal.amount_cents, org_id)]
    return _draft("write_off", proposal, lines)


def _reversal(proposal: Proposal) -> Draft:
    """The mirror of an entry that was made by hand. Raises NotReversible."""
    entry = ledger.entry(proposal.subject_id)
    if entry is None or entry.kind not in _REVERSIBLE or entry.currency != proposal.currency:
        raise NotReversible
    mirrored = [Line(line.account, -line.amount, line.owner) for line in entry.lines]
    return Draft("reversal", f"entry:{entry.id}:reversal", entry.reference_id, _debts_first(mirrored, entry.currency))


def _draft(kind: str, proposal: Proposal, lines: list[Line]) -> Draft:
    return Draft(kind, f"{kind}:{proposal.id}", proposal.subject_id, _debts_first(lines, proposal.currency))


def _debts_first(lines: Sequence[Line], currency: str) -> list[Line]:
    """The same lines, where what a party gets repays first what it owes."""
    booked = []
    for line in lines:
        claim = _CLAIMS.get(line.account) if line.amount < 0 else None
        if claim and line.owner:
            booked += debt_first(claim, line.account, line.owner, -line.amount, currency)
        else:
            booked.append(line)
    return [line for line in booked if line.amount]


def party(org_id: UUID) -> OrgKind:
    """Whether an organisation is an agency or a buyer. Raises UnknownOwner."""
    kind = session().scalar(select(Organisation.kind).where(Organisation.id == org_id))
    if kind not in (OrgKind.AGENCY, OrgKind.BUYER):
        raise UnknownOwner(fields={"about": UnknownOwner.sentence})
    return OrgKind(kind)


def _account(side: Mapping[str, Any]) -> tuple[Account, UUID | None]:
    """One side of an adjustment: an account of ours, or one of a party. Raises UnknownOwner, NotAdjustable."""
    account, owner = side["account"], UUID(side["owner"]) if side.get("owner") else None
    if account not in ADJUSTABLE:
        raise NotAdjustable
    if (party(owner) if owner else None) != ADJUSTABLE[Account(account)]:
        raise UnknownOwner
    return Account(account), owner


def _owners(proposal: Proposal) -> list[UUID]:
    owners = [_account(proposal.data[side])[1] for side in ("debit", "credit")]
    return [owner for owner in owners if owner]


def _subject(proposal: Proposal) -> list[UUID]:
    return [proposal.subject_id]


def _mirrored_owners(proposal: Proposal) -> list[UUID]:
    return list({line.owner for line in _reversal(proposal).lines if line.owner})


act("goodwill", Act(_l("Goodwill"), _goodwill, _subject, alone=ALONE, most=TOGETHER))
act("adjustment", Act(_l("Adjustment"), _adjustment, _owners, most=TOGETHER))
act("write_off", Act(_l("Write off a debt"), _write_off, _subject))
act("reversal", Act(_l("Undo an entry made by hand"), _reversal, _mirrored_owners))

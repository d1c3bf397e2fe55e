"""The second person: staff propose an act on money with a reason, another member of staff has it done or refuses.

What can be proposed is declared by whoever knows how it is booked (`@act`): each kind gives the entry that it would
write now, which the page shows and which an approval writes in its own transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select

from marketplace.billing.errors import AlreadyProposed, OwnProposal, ProposalEnded, TooMuchForTwo, UnknownProposal
from marketplace.billing.models import Proposal, ProposalState
from marketplace.events import record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.kit.errors import NotFound
from marketplace.kit.i18n import LazyText
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask, Page, page
from marketplace.ledger import Line, post
from marketplace.people import Power, Who
from marketplace.people.models import User
from marketplace.people.queries.ties import has_ties

#: so long what somebody gave alone counts into that: whomever it went to, and of what went to the same party
_IN_ALL, _TO_ONE = timedelta(hours=24), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Draft:
    """The entry that a proposal would write."""

    kind: str
    key: str
    reference: UUID
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of proposal.

    Attributes:
        name: for people.
        draft: the entry it would write now; raises a Refusal when it cannot be done.
        concerns: the organisations whose money it is; none of their members may decide.
        after: what else changes with it, in the same transaction.
        alone: up to so many cents one person is enough, in all of a day, and for one party in 30 days.
        most: beyond so many cents two are not enough.
    """

    name: LazyText
    draft: Callable[[Proposal], Draft]
    concerns: Callable[[Proposal], Sequence[UUID]]
    after: Callable[[Proposal, Who], object] | None = None
    alone: int = 0
    most: int | None = None


_acts: dict[str, Act] = {}


def act(kind: str, declared: Act) -> None:
    """Declare a kind of proposal."""
    _acts[kind] = declared


def acts() -> Mapping[str, Act]:
    """Everything that can be proposed."""
    return _acts


def propose(
    who: Who, kind: str, *, about: UUID, amount: Money, reason: str, data: Mapping[str, Any] | None = None
) -> Proposal:
    """Ask for an act on money; what one person may do alone is done at once.

    Raises:
        Forbidden, UnknownProposal, TooMuchForTwo, AlreadyProposed, OwnProposal (a party to it), or whatever the kind
        says.
    """
    who.need(Power.MONEY_WRITE)
    declared = _known(kind)
    if declared.most is not None and amount.amount > declared.most:
        raise TooMuchForTwo
    proposal = Proposal(
        id=new_id(),
        kind=kind,
        subject_id=about,
        amount_cents=amount.amount,
        currency=amount.currency,
        data=dict(data or {}),
        reason=reason.strip(),
        state=ProposalState.OPEN,
        proposed_by=who.user_id,
        proposed_at=clock.now(),
        decided_reason="",
    )
    declared.draft(proposal)
    proposal.org_ids = list(declared.concerns(proposal))
    _refuse_party(who, proposal)
    _refuse_second(proposal)
    session().add(proposal)
    session().flush()
    _record("proposal.made", proposal, who)
    if amount.amount <= declared.alone and amount.amount + _given_alone(proposal) <= declared.alone:
        _carry_out(proposal, who)
    return proposal


def approve(who: Who, proposal_id: UUID) -> Proposal:
    """The second person has it done. The same again by the same person changes nothing.

    Raises:
        NotFound, Forbidden, OwnProposal, ProposalEnded, or whatever the kind says now.
    """
    proposal = _locked(who, proposal_id)
    if proposal.state == ProposalState.APPROVED and proposal.decided_by == who.user_id:
        return proposal
    _refuse_ended(proposal)
    if proposal.proposed_by == who.user_id:
        raise OwnProposal
    _refuse_party(who, proposal)
    proposal.decided_by = who.user_id
    _carry_out(proposal, who)
    return proposal


def refuse(who: Who, proposal_id: UUID, reason: str) -> Proposal:
    """Nothing is booked: the proposer takes it back, or another person says no. Raises NotFound, ProposalEnded."""
    proposal = _locked(who, proposal_id)
    _refuse_ended(proposal)
    is_own = proposal.proposed_by == who.user_id
    proposal.state = ProposalState.WITHDRAWN if is_own else ProposalState.REFUSED
    proposal.decided_by, proposal.decided_at, proposal.decided_reason = who.user_id, clock.now(), reason.strip()
    _record("proposal.ended", proposal, who)
    return proposal


def draft_of(proposal: Proposal) -> Draft:
    """The entry that an open proposal would write now. Raises whatever stands against it."""
    return _known(proposal.kind).draft(proposal)


def proposals_for(who: Who, ask: Ask, *, state: str | None = None) -> Page[Proposal]:
    """Proposals, newest first. Raises Forbidden."""
    who.need(Power.LEDGER_READ)
    wanted = select(Proposal)
    if state:
        wanted = wanted.where(Proposal.state == state)
    return page(wanted, ask, by=[Proposal.id], key=lambda each: [each.id])


def proposal_for(who: Who, proposal_id: UUID) -> Proposal:
    """One proposal. Raises NotFound, Forbidden."""
    who.need(Power.LEDGER_READ)
    proposal = session().get(Proposal, proposal_id)
    if proposal is None:
        raise NotFound
    return proposal


def _known(kind: str) -> Act:
    if kind not in _acts:
        raise UnknownProposal(fields={"kind": UnknownProposal.sentence})
    return _acts[kind]


def _locked(who: Who, proposal_id: UUID) -> Proposal:
    who.need(Power.MONEY_WRITE)
    proposal = session().scalars(fresh(select(Proposal).where(Proposal.id == proposal_id))).first()
    if proposal is None:
        raise NotFound
    return proposal


def _refuse_ended(proposal: Proposal) -> None:
    if proposal.state != ProposalState.OPEN:
        raise ProposalEnded


def _refuse_party(who: Who, proposal: Proposal) -> None:
    """Nobody decides about money of an organisation to which they have ties."""
    if has_ties(who.user_id, proposal.org_ids):
        raise OwnProposal


def _refuse_second(proposal: Proposal) -> None:
    """One open proposal of a kind about one thing: a second click is not a second wish."""
    same = exists().where(
        Proposal.kind == proposal.kind,
        Proposal.subject_id == proposal.subject_id,
        Proposal.state == ProposalState.OPEN,
    )
    if session().scalar(select(same)):
        raise AlreadyProposed


def _given_alone(proposal: Proposal) -> int:
    """What its proposer gave alone before that counts with it, in minor units, in whatever currency.

    The proposer is locked: it gives one thing after the other.
    """
    session().execute(select(User.id).where(User.id == proposal.proposed_by).with_for_update(key_share=True))
    now, given = clock.now(), func.sum(Proposal.amount_cents)
    lately = Proposal.decided_at > now - _IN_ALL
    to_one = (Proposal.subject_id == proposal.subject_id) & (Proposal.decided_at > now - _TO_ONE)
    found = select(func.coalesce(func.greatest(given.filter(lately), given.filter(to_one)), 0)).where(
        Proposal.proposed_by == proposal.proposed_by,
        Proposal.state == ProposalState.APPROVED,
        Proposal.decided_by.is_(None),
        lately | to_one,
    )
    return int(session().execute(found).scalar_one())


def _carry_out(proposal: Proposal, who: Who) -> None:
    declared = _known(proposal.kind)
    draft = declared.draft(proposal)
    proposal.state, proposal.decided_at = ProposalState.APPROVED, clock.now()
    session().flush()
    post(
        draft.kind,
        key=draft.key,
        reference=draft.reference,
        currency=proposal.currency,
        lines=draft.lines,
        by=who,
    )
    if declared.after:
        declared.after(proposal, who)
    _record("proposal.approved", proposal, who)


def _record(name: str, proposal: Proposal, who: Who) -> None:
    facts = {"kind": proposal.kind, "cents": proposal.amount_cents, "state": proposal.state}
    record(name, proposal.id, by=who, orgs=proposal.org_ids, **facts)

"""Why a lead may be disputed, in plain words, and what each reason needs. One table: pages, API and letters read it."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from marketplace.catalog import Pricing
from marketplace.disputes.models import Reason
from marketplace.kit.i18n import noted as _n


class Proof(StrEnum):
    """What a reason asks of the buyer when the dispute is opened."""

    OURS = "ours"  # nothing: we check it ourselves
    WORDS = "words"
    SHOWN = "shown"  # words, and a file that shows it, with them or later: without one it is hardly upheld
    CALLS = "calls"  # words, and enough calls logged before, or it is not opened


_EITHER = frozenset(Pricing)


class Ground(NamedTuple):
    """What a reason is called and what it stands on.

    Attributes:
        needs: what must be given, or what we look up ourselves.
        helps: what makes it stronger and is not needed.
        about: the way to reach the person that it is about; a lead without one cannot be disputed so.
        pricings: how the lead was sold: who pays by the sale reports that there was none instead.
        mends: the fields of the contact in which the agency may put a typo right.
    """

    name: str
    needs: str
    helps: str
    proof: Proof
    about: str = ""
    pricings: frozenset[Pricing] = _EITHER
    mends: tuple[str, ...] = ()

    @property
    def proves(self) -> str:
        """What a party can show for it."""
        return self.helps if self.proof is Proof.OURS else self.needs


_R, _NAMES = Reason, ("first_name", "last_name", "full_name")
REASONS: Mapping[Reason, Ground] = {
    _R.INVALID_PHONE: Ground(
        _n("The phone number does not work"), _n("We check the number; nothing else is needed."),
        _n("When you called, and what the network said."), Proof.OURS, "phone", mends=("phone",),
    ),
    _R.INVALID_EMAIL: Ground(
        _n("The e-mail address does not work"), _n("We check the address; nothing else is needed."),
        _n("The bounce message you got back."), Proof.OURS, "email", mends=("email",),
    ),
    _R.WRONG_PERSON: Ground(
        _n("It is someone else"), _n("What the person who answered told you."),
        _n("A recording of the call, or a message."), Proof.WORDS, mends=(*_NAMES, "phone", "email"),
    ),
    _R.NOT_REQUESTED: Ground(
        _n("The person never asked"), _n("A recording or a message in which they say so."),
        _n("When and how you spoke."), Proof.SHOWN,
    ),
    _R.DUPLICATE: Ground(
        _n("I have this person already"), _n("Your own record with its date, older than the purchase."),
        _n("How the record came to you."), Proof.SHOWN,
    ),
    _R.BOT: Ground(
        _n("Filled in by a program"), _n("What makes you think so."),
        _n("Other leads with the same pattern."), Proof.WORDS,
    ),
    _R.HIRED: Ground(
        _n("Paid to fill in the form"), _n("What the person said about who paid them."),
        _n("A recording or a message in which they say so."), Proof.WORDS,
    ),
    _R.COMPETITOR: Ground(
        _n("A competitor or a tester"), _n("How you know where they work."),
        _n("A page or a message that shows it."), Proof.WORDS,
    ),
    _R.OUTSIDE_CRITERIA: Ground(
        _n("Not what the listing says"), _n("Which term of the listing is not met."),
        _n("What shows that the answer is not true."), Proof.WORDS,
    ),
    _R.NO_CONSENT: Ground(
        _n("Did not agree to be contacted"), _n("We check the record of consent; nothing else is needed."),
        _n("What the person said about the consent."), Proof.OURS,
    ),
    _R.UNREACHABLE: Ground(
        _n("Cannot be reached"), _n("At least 4 calls on 2 days, logged with the lead."),
        _n("A text or an e-mail that nobody answered."), Proof.CALLS, pricings=frozenset({Pricing.PER_LEAD}),
    ),
}  # fmt: skip


def reasons_for(pricing: str, checks: Mapping[str, Any]) -> Mapping[Reason, Ground]:
    """The reasons that fit a lead, by how it was sold and by which ways to reach the person it has.

    checks: as stored on the lead.
    """
    absent = {
        finding["check"]
        for finding in checks.get("findings", ())
        if finding.get("evidence", {}).get("rule") == "absent"
    }
    return {
        reason: ground
        for reason, ground in REASONS.items()
        if pricing in ground.pricings and ground.about not in absent
    }


def asks_file(reason: Reason, *, strict: bool) -> bool:
    """Whether a file must come with the reason. strict: the buyer's word alone no longer goes far enough.

    What we check ourselves asks for nothing even then: nobody's record makes a proven fake unrefundable.
    """
    proof = REASONS[reason].proof
    return strict and proof in (Proof.WORDS, Proof.SHOWN)


def asks_calls(reason: Reason) -> bool:
    """Whether enough calls must have been logged before."""
    return REASONS[reason].proof is Proof.CALLS


def asks_words(reason: Reason) -> bool:
    return REASONS[reason].proof is not Proof.OURS


def may_mend(reason: str, given: Collection[str]) -> tuple[str, ...]:
    """The fields in which a typo may be put right in a dispute for this reason, of those that the lead has."""
    return tuple(name for name in REASONS[Reason(reason)].mends if name in given)

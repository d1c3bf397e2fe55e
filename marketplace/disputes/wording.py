"""What was said in a dispute, in the reader's language: people's words as they wrote them, ours from what is kept."""

from typing import NamedTuple

from marketplace.disputes.batches.rules import RULE
from marketplace.disputes.models import Dispute
from marketplace.disputes.verdicts import VerdictRow
from marketplace.disputes.verdicts.wording import reasoning_of
from marketplace.kit.i18n import gettext as _


class Said(NamedTuple):
    """The buyer's words, the agency's, and why it was decided so; None where there is nothing so far."""

    statement: str
    answer: str | None
    reasoning: str | None


def said_in(dispute: Dispute, verdict: VerdictRow | None = None) -> Said:
    """For a dispute that was found for the reader. verdict: by which it decided itself, if it did."""
    return Said(_statement(dispute), _answer(dispute), _reasoning(dispute, verdict))


def _statement(dispute: Dispute) -> str:
    if dispute.said_for_buyer and not dispute.statement:
        return str(_("Said by our staff: this lead belongs to a batch of paid fillers."))
    return dispute.statement


def _answer(dispute: Dispute) -> str | None:
    """An agency that answered without a word has offered a correction."""
    if dispute.answer is None and dispute.answered_at:
        return str(_("We offer a correction: see below."))
    return dispute.answer


def _reasoning(dispute: Dispute, verdict: VerdictRow | None) -> str | None:
    if dispute.rule == RULE:
        told: str = _(
            "Rule %(rule)s: a person of this batch was proven to be paid for filling in the form, so all of it is "
            "void. %(reason)s",
            rule=RULE,
            reason=dispute.reasoning,
        )
        return told
    return reasoning_of(verdict) if verdict and dispute.reasoning is None else dispute.reasoning

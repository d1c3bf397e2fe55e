"""Reading questions: by the link for the person, after the decision for staff."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, or_, select

from marketplace.disputes.appealed import percent_in_the_end
from marketplace.disputes.models import Dispute
from marketplace.disputes.persons.errors import NoQuestion
from marketplace.disputes.persons.models import Answer, PersonQuestion
from marketplace.disputes.reviews.models import BlindReview
from marketplace.disputes.rules import ENDS
from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.leads import Lead
from marketplace.orders import Order
from marketplace.people import Power, Who

_SHOWN = timedelta(days=90)
_MOST = 50


@dataclass(frozen=True, slots=True)
class Question:
    """All that the person has to know: what was asked for, and when. No part of a contact."""

    vertical: str
    submitted_at: datetime


def question_of(token: str) -> Question:
    """What a link is about, while it can be answered. Raises NoQuestion."""
    row = session().execute(_open(token)).first()
    if row is None:
        raise NoQuestion
    _question, lead = row
    return Question(lead.vertical, lead.submitted_at)


def answered_late_for(who: Who) -> Sequence[tuple[PersonQuestion, Dispute, int]]:
    """The newest answers of 90 days that came after the decision and speak against what stands.

    That is the share of the price that goes back in the end, in percent: it comes with each. Raises Forbidden.
    """
    who.need(Power.DISPUTES_DECIDE)
    stands = percent_in_the_end()
    against = or_(
        (PersonQuestion.answer == Answer.NOT_ME) & (stands < 100),  # noqa: PLR2004  # all of it
        (PersonQuestion.answer == Answer.ASKED) & (stands > 0),
    )
    # who is still to look at a case a second time must not read here how it was decided
    looked_at = exists().where(BlindReview.dispute_id == Dispute.id, BlindReview.decided_at.is_(None))
    is_over = Dispute.state.in_(ENDS)
    late = PersonQuestion.is_late, is_over, PersonQuestion.answered_at > clock.now() - _SHOWN, ~looked_at
    found = select(PersonQuestion, Dispute, stands).join(Dispute, Dispute.id == PersonQuestion.dispute_id)
    rows = session().execute(found.where(*late, against).order_by(PersonQuestion.answered_at.desc()).limit(_MOST))
    return [(question, dispute, percent) for question, dispute, percent in rows]


def digest_of(token: str) -> bytes:
    """What is kept of the secret in a link."""
    return hashlib.sha256(token.encode()).digest()


def _open(token: str) -> Select[PersonQuestion, Lead]:
    mine = PersonQuestion.token == digest_of(token), PersonQuestion.answer.is_(None)
    found = select(PersonQuestion, Lead).join(Dispute, Dispute.id == PersonQuestion.dispute_id)
    found = found.join(Order, Order.id == Dispute.order_id).join(Lead, Lead.id == Order.lead_id)
    return found.where(*mine, PersonQuestion.expires_at > clock.now())

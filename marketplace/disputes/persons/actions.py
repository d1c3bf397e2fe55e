"""Asking the person of a disputed lead, and taking the answer: once each."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from marketplace import leads
from marketplace.disputes import corrections, findings
from marketplace.disputes.findings import Look, Source
from marketplace.disputes.models import Dispute, Reason
from marketplace.disputes.persons.errors import NoQuestion
from marketplace.disputes.persons.models import Answer, PersonQuestion
from marketplace.disputes.persons.queries import digest_of
from marketplace.disputes.verdicts.deciding import open_one
from marketplace.events import SYSTEM, record
from marketplace.kit import clock
from marketplace.kit.db import fresh, session
from marketplace.leads.contact import LETTER, Recheck
from marketplace.leads.sameness import address_of, has_bounced
from marketplace.quality.disputes import Evidence, Found

#: after so long nobody remembers having asked (as for calls)
LIFE = timedelta(days=14)
#: one person is asked about one of several requests at most so often
_PAUSE = timedelta(days=7)
_BYTES = 32
#: where the word of the person is worth asking for; a dead number or a duplicate is told by machines
ASKED_FOR = frozenset(
    {
        Reason.WRONG_PERSON,
        Reason.NOT_REQUESTED,
        Reason.BOT,
        Reason.HIRED,
        Reason.COMPETITOR,
        Reason.NO_CONSENT,
        Reason.UNREACHABLE,
    }
)
_FOUND: Mapping[Answer, Found] = {Answer.NOT_ME: Found.PRESENT, Answer.ASKED: Found.ABSENT}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a letter needs. The secret stands in it alone, and it goes once it is sent."""

    event_id: UUID
    email: str = field(repr=False)
    token: str = field(repr=False)
    vertical: str
    submitted_at: datetime
    until: datetime


def ask(dispute_id: UUID) -> Asked | None:
    """Write down that the person is asked; None where nobody is: over, asked before, without an address, asked lately.

    The contact is read on behalf of the buyer who has the right to it, and the reading is logged.
    """
    dispute = open_one(dispute_id)
    if dispute is None or Reason(dispute.reason) not in ASKED_FOR:
        return None
    case = findings.case_of(dispute)
    address = address_of(case.lead)
    if address is None or has_bounced(case.lead) or _is_left_alone(dispute, address):
        return None
    email = leads.open_contact(Recheck(case.order.buyer_id, via=LETTER), case.lead.id).fields.get("email")
    if not email:
        return None
    token, now = secrets.token_urlsafe(_BYTES), clock.now()
    row = PersonQuestion(
        dispute_id=dispute.id, token=digest_of(token), address=address, asked_at=now, expires_at=now + LIFE
    )
    session().add(row)
    session().flush()
    event_id = record("person.asked", dispute.id, by=SYSTEM)
    return Asked(event_id, email, token, case.lead.vertical, case.lead.submitted_at, row.expires_at)


def answer(token: str, said: Answer) -> None:
    """Take the person's word, the first time. Whoever comes second, or with another link, gets the same refusal.

    We wrote to the address that was sold. Once the case is about another one it is no evidence who reads the old one.

    Raises NoQuestion.
    """
    dispute_id = session().scalar(select(PersonQuestion.dispute_id).where(PersonQuestion.token == digest_of(token)))
    if dispute_id is None:
        raise NoQuestion
    dispute = session().scalars(fresh(select(Dispute).where(Dispute.id == dispute_id))).one()
    question = session().scalars(fresh(select(PersonQuestion).where(PersonQuestion.dispute_id == dispute_id))).one()
    if question.answer is not None or question.expires_at <= clock.now():
        raise NoQuestion
    offered = corrections.of_dispute(dispute)
    is_about_old = offered is not None and offered.has_failed_in("email")
    question.answer, question.answered_at, question.is_late = said, clock.now(), is_about_old or not dispute.is_open
    if said in _FOUND and not is_about_old:
        findings.note(dispute, Look(Evidence.NOT_ME, _FOUND[said], Source.CONSUMER, findings.BY_LETTER))
    elif said == Answer.STOP:
        leads.stop_person(question.address)
    record("person.answered", dispute.id, by=SYSTEM, answer=said.value, late=question.is_late)


def _is_left_alone(dispute: Dispute, address: bytes) -> bool:
    """Asked about this dispute, asked lately about another one, or somebody who does not want to be written to."""
    lately = PersonQuestion.asked_at > clock.now() - _PAUSE
    of_them = and_(PersonQuestion.address == address, or_(lately, PersonQuestion.answer == Answer.STOP))
    return bool(session().scalar(select(exists().where(or_(PersonQuestion.dispute_id == dispute.id, of_them)))))

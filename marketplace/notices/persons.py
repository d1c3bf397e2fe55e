"""The letter to the person of a disputed lead, who has no account here, and what their buyers learn of the answer."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.catalog import vertical
from marketplace.disputes import Dispute, persons
from marketplace.disputes.persons import Answer, PersonQuestion
from marketplace.kit.db import session
from marketplace.leads.models import LeadKey
from marketplace.notices.actions import write
from marketplace.notices.letters import last_event
from marketplace.orders import Order
from marketplace.people import Power, queries
from marketplace.people.queries import Addressee

#: its kind; the demo does not show to whom it goes
KIND = "person_asked"


def person_asked(dispute_id: UUID) -> None:
    """Once a dispute, where the person's word would decide it and they may be written to."""
    asked = persons.ask(dispute_id)
    if asked:
        write(KIND, Addressee(asked.email, "en"), asked.event_id, asked=asked, trade=vertical(asked.vertical).title)


def person_stopped(dispute_id: UUID) -> None:
    """To everybody who bought this lead: the person does not want to be contacted any more.

    Where the address was put right meanwhile, who answered at the old one is a stranger, and nobody is told.
    """
    own, theirs = aliased(Order), aliased(Order)
    found = select(theirs).join(own, own.lead_id == theirs.lead_id).join(Dispute, Dispute.order_id == own.id)
    found = found.join(PersonQuestion, PersonQuestion.dispute_id == Dispute.id)
    found = found.join(LeadKey, (LeadKey.lead_id == own.lead_id) & (LeadKey.kind == "email"))
    stopped = Dispute.id == dispute_id, PersonQuestion.answer == Answer.STOP, LeadKey.digest == PersonQuestion.address
    for order in session().scalars(found.where(*stopped).order_by(theirs.id)).all():
        for to in queries.addressees(order.buyer_id, Power.ORDERS_READ):
            write("person_stopped", to, last_event(dispute_id, "person.answered"), order=order)

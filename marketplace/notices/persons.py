"""The letter to the person of a disputed lead, who has no account here, and what their buyers learn of the answer."""

from itertools import groupby
from uuid import UUID

from sqlalchemy import select

from marketplace.catalog import vertical
from marketplace.disputes import persons
from marketplace.disputes.persons import Answer, PersonQuestion
from marketplace.kit.db import session
from marketplace.leads.models import LeadKey
from marketplace.notices.actions import write
from marketplace.notices.letters import last_event
from marketplace.notices.models import TO_PERSON
from marketplace.orders import Order
from marketplace.people import Power, queries
from marketplace.people.queries import Addressee


def person_asked(dispute_id: UUID) -> None:
    """Once a dispute, where the person's word would decide it and they may be written to."""
    asked = persons.ask(dispute_id)
    if asked:
        write(
            TO_PERSON, Addressee(asked.email, "en"), asked.event_id, asked=asked, trade=vertical(asked.vertical).title
        )


def person_stopped(dispute_id: UUID) -> None:
    """To everybody who bought a lead with this address, each of its own alone: the person wants no more contact.

    Where the address was put right meanwhile, who answered at the old one is a stranger to that lead.
    """
    theirs = (LeadKey.digest == PersonQuestion.address) & (LeadKey.kind == "email")
    found = select(Order).join(LeadKey, LeadKey.lead_id == Order.lead_id).join(PersonQuestion, theirs)
    stopped = PersonQuestion.dispute_id == dispute_id, PersonQuestion.answer == Answer.STOP
    orders = session().scalars(found.where(*stopped).order_by(Order.buyer_id, Order.id)).all()
    for buyer_id, own in groupby(orders, key=lambda order: order.buyer_id):
        bought = list(own)
        for to in queries.addressees(buyer_id, Power.ORDERS_READ):
            write("person_stopped", to, last_event(dispute_id, "person.answered"), orders=bought)

"""A buyer that is asked for proof, with persons to call and a file."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from marketplace.disputes import Upload, doubts
from marketplace.disputes.doubts import Doubt, DoubtCall, DoubtState
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from tests.factories.people import Person


@dataclass(frozen=True)
class Asked:
    doubt: str
    calls: list[str]
    file: str


def ask_proof(buyer: Person, orders: list[str]) -> Asked:
    """The buyer has answered with a file; the persons of these orders are to be called."""
    now, doubt_id = clock.now(), new_id()
    with transaction():
        doubt = Doubt(
            id=doubt_id, buyer_id=buyer.org_id, state=DoubtState.ASKED, e_value=120.0, leads=30, opened_at=now,
            answer_by=now + timedelta(days=14),
        )  # fmt: skip
        session().add(doubt)
        session().flush()
        calls = [DoubtCall(id=new_id(), doubt_id=doubt_id, order_id=UUID(order)) for order in orders]
        session().add_all(calls)
        session().flush()
        doubts.answer(buyer.who, doubt_id, "Nobody has bought.", [Upload("crm.csv", b"lead,outcome\n1,lost\n")])
        (file,) = doubts.files_of(doubt)
        return Asked(str(doubt_id), [str(call.id) for call in calls], str(file.id))

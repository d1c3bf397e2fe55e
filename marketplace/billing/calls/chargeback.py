"""Sending our answer to a bank that takes a payment back."""

from uuid import UUID

from marketplace.billing.actions import chargebacks
from marketplace.billing.actions.stripe_calls import is_being_made
from marketplace.billing.calls.engine import Call
from marketplace.billing.errors import NeverMade
from marketplace.billing.gateway import BankDispute, Gateway
from marketplace.billing.models import Chargeback
from marketplace.kit.db import session

_KIND = "answer_chargeback"


def _prepare(chargeback_id: UUID) -> tuple[str, str]:
    row = session().get_one(Chargeback, chargeback_id)
    if not row.answer:
        raise NeverMade  # the bank was told, as its news has said, and wants another answer: nobody has given it yet
    return row.stripe_id, row.answer


def _find(gateway: Gateway, wanted: tuple[str, str]) -> BankDispute | None:
    found = gateway.chargebacks.get(wanted[0])
    return found if found.is_answered else None


def _settle(chargeback_id: UUID, found: BankDispute) -> None:
    chargebacks.arrive(session().get_one(Chargeback, chargeback_id, with_for_update=True), found)


def _refuse(chargeback_id: UUID, _why: object) -> None:
    """The bank has not got it; staff may answer again while there is time, unless the answer is of a later call."""
    row = session().get_one(Chargeback, chargeback_id, with_for_update=True)
    if not row.answered_at and not is_being_made(_KIND, chargeback_id):
        row.answer = ""


ANSWER_CHARGEBACK = Call(
    kind=_KIND,
    prepare=_prepare,
    make=lambda gateway, wanted, key: gateway.chargebacks.answer(wanted[0], wanted[1], key),
    find=_find,
    settle=_settle,
    refuse=_refuse,
)

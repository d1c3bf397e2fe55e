"""Sending our answer to a bank that takes a payment back."""

from uuid import UUID

from marketplace.billing.actions import chargebacks
from marketplace.billing.calls.engine import Call
from marketplace.billing.gateway import BankDispute, Gateway
from marketplace.billing.models import Chargeback
from marketplace.kit.db import session


def _prepare(chargeback_id: UUID) -> tuple[str, str]:
    row = session().get_one(Chargeback, chargeback_id)
    return row.stripe_id, row.answer


def _find(gateway: Gateway, wanted: tuple[str, str]) -> BankDispute | None:
    found = gateway.chargebacks.get(wanted[0])
    return found if found.is_answered else None


def _settle(chargeback_id: UUID, found: BankDispute) -> None:
    chargebacks.follow(session().get_one(Chargeback, chargeback_id, with_for_update=True), found)


def _refuse(chargeback_id: UUID, _why: object) -> None:
    """The bank has not got it; staff may answer again while there is time."""
    session().get_one(Chargeback, chargeback_id, with_for_update=True).answer = ""


ANSWER_CHARGEBACK = Call(
    kind="answer_chargeback",
    prepare=_prepare,
    make=lambda gateway, wanted, key: gateway.chargebacks.answer(wanted[0], wanted[1], key),
    find=_find,
    settle=_settle,
    refuse=_refuse,
)

"""Letters about a buyer's reports: proof is asked for, and what was decided."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marketplace.disputes.doubts import Doubt, DoubtState
from marketplace.kit.db import session
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.notices.actions import write
from marketplace.notices.deals import News
from marketplace.notices.letters import last_event
from marketplace.people import Power, queries

_BUYER = ("buyer",)
_ASKED = News(
    _BUYER,
    _l("How did your leads go?"),
    _l(
        "You reported fewer sales than we expected from your leads. This is a question, not a verdict. Please show us "
        "how they went; in the meantime we call some of the people. You can buy as before."
    ),
    _l("Answer"),
)
_DECIDED: Mapping[str, News] = {
    DoubtState.CLEARED: News(
        _BUYER,
        _l("Thank you: we found nothing against your reports"),
        _l("We have looked at how your leads went. Nothing follows, and the test starts again."),
        _l("Read more"),
    ),
    DoubtState.PROVEN: News(
        _BUYER,
        _l("Sales were not reported: you take leads for a price only"),
        _l(
            "It was proven, and two of our staff agree. Leads that you took before continue as agreed. "
            "You can still report their sales."
        ),
        _l("Read why"),
    ),
    DoubtState.LIFTED: News(
        _BUYER,
        _l("You can take leads paid by the sale again"),
        _l("The test of your reports starts again."),
        _l("Read more"),
    ),
}


def asked(doubt_id: UUID) -> None:
    """To those of the buyer who act on orders: until when an answer is wanted."""
    doubt = session().get_one(Doubt, doubt_id)
    _tell(doubt, "doubt.opened", _ASKED, [(_l("Leads counted"), doubt.leads), (_l("Answer until"), doubt.answer_by)])


def decided(event: str, doubt_id: UUID) -> None:
    """To the same: what was decided."""
    doubt = session().get_one(Doubt, doubt_id)
    if news := _DECIDED.get(doubt.state):
        _tell(doubt, event, news, [(_l("Leads counted"), doubt.leads)])


def _tell(doubt: Doubt, event: str, news: News, facts: list[tuple[Any, Any]]) -> None:
    event_id = last_event(doubt.id, event)
    for to in queries.addressees(doubt.buyer_id, Power.ORDERS_WRITE):
        write("deal_news", to, event_id, news=news, facts=facts, path="/sales/reporting")

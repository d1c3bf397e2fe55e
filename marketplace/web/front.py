"""What anybody sees: the front page with the exchange as it is now, and the terms."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, current_app, render_template

from marketplace import catalog, market
from marketplace.billing.rules import CURRENCIES, LEAST
from marketplace.disputes.rules import ANSWER_TIME, DECISION_TIME
from marketplace.insights.exchange import LOOK_BACK, ExchangeFigures, exchange_figures
from marketplace.kit import clock
from marketplace.kit.money import PER_BP, Money
from marketplace.market import MaskedLead
from marketplace.people import terms

blueprint = Blueprint("front", __name__)

_FIRST, _SHOWN = 60, 6
_KEPT = timedelta(minutes=1)


@blueprint.get("/")
def show() -> str:
    return render_template(
        "front/show.html",
        leads=_mixed(market.sample(_FIRST))[:_SHOWN],
        figures=_figures(),
        look_back=LOOK_BACK,
        longest=ANSWER_TIME + DECISION_TIME,
        least=Money(LEAST, CURRENCIES[0]),
        fee=catalog.newcomer_terms().fee_bp / PER_BP,
    )


@blueprint.get("/terms", endpoint="terms")
def show_terms() -> str:
    return render_template("front/document.html", document=terms.TERMS)


@blueprint.get("/data-processing")
def data_processing() -> str:
    return render_template("front/document.html", document=terms.DATA_PROCESSING)


def _figures() -> ExchangeFigures:
    """Counted by each process at most once a minute, however many look: the count goes over the whole catalogue."""
    now, kept = clock.now(), current_app.extensions.get("figures")
    if kept is None or not now - _KEPT < kept[0] <= now:
        kept = current_app.extensions["figures"] = now, exchange_figures()
    figures: ExchangeFigures = kept[1]
    return figures


def _mixed(leads: Sequence[MaskedLead]) -> list[MaskedLead]:
    """The first of each listing first, then the second of each: one agency's upload does not fill the sample."""
    counted: Counter[UUID] = Counter()

    def place(offer: MaskedLead) -> int:
        counted[offer.listing.id] += 1
        return counted[offer.listing.id]

    return sorted(leads, key=place)

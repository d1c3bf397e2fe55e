"""Stages and reasons in words."""

from collections.abc import Mapping

from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.orders.outcomes.models import Stage
from marketplace.orders.sales.wording import NO_SALE_NAMES

STAGE_NAMES: Mapping[str, str] = {
    Stage.NEW: _l("new"),
    Stage.CONTACTED: _l("contacted"),
    Stage.QUALIFIED: _l("qualified"),
    Stage.WON: _l("won"),
    Stage.LOST: _l("lost"),
    Stage.DEFERRED: _l("deferred"),
}
#: what a button says that reports the stage
STAGE_ACTS: Mapping[str, str] = {
    Stage.CONTACTED: _l("Contacted"),
    Stage.QUALIFIED: _l("Qualified"),
    Stage.WON: _l("Won"),
    Stage.LOST: _l("Lost"),
    Stage.DEFERRED: _l("Deferred"),
}
#: why a lead is lost, as a page offers it
REASONS = NO_SALE_NAMES


def reason_in_words(reason: str) -> str:
    """A reason of ours in words; the buyer's own as it was written."""
    return next((str(words) for code, words in REASONS.items() if code == reason), reason)

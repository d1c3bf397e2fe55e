"""How a try is called on pages."""

from collections.abc import Mapping

from marketplace.kit.i18n import noted as _n
from marketplace.orders.attempts.models import Result

RESULTS: Mapping[Result, str] = {
    Result.NO_ANSWER: _n("No answer"),
    Result.BUSY: _n("Busy"),
    Result.VOICEMAIL: _n("Voicemail"),
    Result.NOT_IN_SERVICE: _n("Number not in service"),
    Result.SPOKE: _n("Spoke with someone"),
}

"""How ratings, faults and calls are said in words."""

from collections.abc import Sequence

from marketplace.kit.i18n import gettext as _
from marketplace.quality.agencies import AgencyRating
from marketplace.quality.agencies.wording import FINDINGS
from marketplace.quality.facts import Finding
from marketplace.web.words import dispute_reason

_AUDIT = "audit_"
_LEVEL = 0.5


def reason_of(code: str | None) -> tuple[str, str]:
    """Why a lead was bad, and who found it."""
    code = code or ""
    if code.startswith(_AUDIT):
        return str(FINDINGS[Finding(code.removeprefix(_AUDIT))]), str(_("our call"))
    if code == "clawed_back":
        return str(_("A fake, found later")), str(_("staff"))
    return str(dispute_reason(code)), str(_("a dispute"))


def finding_of(history: Sequence[AgencyRating]) -> str:
    """What the line of the scores says."""
    if not history:
        return str(_("Not rated yet"))
    first, last = round(history[0].score, 1), round(history[-1].score, 1)
    if len(history) == 1:
        return str(_("Rated for the first time: %(score)s", score=last))
    if abs(last - first) < _LEVEL:
        return str(_("Level at %(score)s", score=last))
    if last > first:
        return str(_("Up from %(first)s to %(last)s", first=first, last=last))
    return str(_("Down from %(first)s to %(last)s", first=first, last=last))

"""What calls are called on a page."""

from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.quality.facts import Finding

#: what a call showed, as one says it
FINDINGS = {
    Finding.ASKED: _l("The person asked for it"),
    Finding.DID_NOT_ASK: _l("The person did not ask"),
    Finding.WRONG_PERSON: _l("It is someone else"),
    Finding.UNREACHABLE: _l("Nobody answers"),
    Finding.STOPPED: _l("The person wants no contact; no call is made"),
    Finding.KNOWN: _l("Known from a dispute; no call was made"),
}
#: what a call may show
CALLED = tuple(finding for finding in Finding if finding not in (Finding.KNOWN, Finding.STOPPED))
#: how a call stands
CALL_STATES = {
    "waiting": _l("to be called"),
    "passed": _l("asked for it"),
    "failed": _l("failed"),
    "unreachable": _l("not reached"),
}

"""The seven marks with what stands behind each, in words for whoever buys or judges a lead; never a contact detail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.checks.duplicate import ALIKE, VERY_ALIKE
from marketplace.checks.marks import CHECKS_OF
from marketplace.checks.result import Code, Outcome
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l

_LABELS = {
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "name": _l("Name"),
    "address": _l("Address"),
    "device": _l("Device"),
    "duplicate": _l("Duplicates"),
    "consent": _l("Consent"),
}
_PASSED = {
    "phone": _l("Exists in its country’s plan. Nobody has called it."),
    "email": _l("Well-formed, no throw-away address. No mail was sent."),
    "name": _l("Reads like a person’s name."),
    "device": _l("A person’s browser, filled in at a person’s pace."),
    "duplicate": _l("Not sent by this agency in 90 days."),
    "consent": _l("Proven with whoever recorded it."),
}
_UNKNOWN = {
    "present": _l("A record is there. Nobody has proven it yet."),
    "declared": _l("Declared by the agency for a whole file, not proven."),
    "absent": _l("Not given."),
    ALIKE: _l("Much like one that this agency sent in 90 days. Nobody has looked."),
}
_FAILED = {
    Code.PHONE_INVALID: _l("Not a number of its country’s plan."),
    Code.PHONE_FICTITIOUS: _l("A number that reaches nobody."),
    Code.PHONE_PREMIUM: _l("Calling it costs a premium."),
    Code.EMAIL_INVALID: _l("Not well-formed."),
    Code.EMAIL_DISPOSABLE: _l("A throw-away address."),
    Code.EMAIL_NO_MX: _l("The domain accepts no mail."),
    Code.NAME_IMPLAUSIBLE: _l("Does not read like a person’s name."),
    Code.DUPLICATE_OWN: _l("Sent by this agency before."),
    Code.CONSENT_MISSING: _l("There is none."),
    Code.CONSENT_WITHDRAWN: _l("The person withdrew it."),
    Code.BOT_SUSPECTED: _l("Looks like a program, not like a person."),
}
#: said beside the device's own mark: where a connection is proves nothing, so it changes no mark
_CONNECTION = {
    "ip_country": _l("The connection is in another country than stated."),
    "ip_network": _l("The connection is a data centre’s."),
}
_FAILED_BY_RULE = {VERY_ALIKE: _l("Very likely the same person as one that this agency sent in 90 days.")}


@dataclass(frozen=True, slots=True)
class Fact:
    """One mark: its name, its result, and in words what was found."""

    check: str
    label: str
    result: str
    evidence: str


def facts_of(checks: Mapping[str, Any]) -> list[Fact]:
    """The seven marks in their order. checks: what a lead keeps of its intake (`marks` and `findings`)."""
    found = checks.get("marks", {})
    findings = {finding["check"]: finding for finding in checks.get("findings", [])}
    return [_fact(mark, found.get(mark, Outcome.UNKNOWN.value), findings) for mark in CHECKS_OF]


def _fact(mark: str, result: str, findings: Mapping[str, Mapping[str, Any]]) -> Fact:
    mine = [findings[check] for check in (*CHECKS_OF[mark], f"{mark}_mx") if check in findings]
    said = [_words(mark, result, mine), *(_of_connection(findings) if mark == "device" else ())]
    return Fact(mark, str(_LABELS[mark]), result, " ".join(said))


def _of_connection(findings: Mapping[str, Mapping[str, Any]]) -> list[str]:
    failed = Outcome.FAILED.value
    return [str(said) for check, said in _CONNECTION.items() if findings.get(check, {}).get("result") == failed]


def _words(mark: str, result: str, findings: Sequence[Mapping[str, Any]]) -> str:
    if result == Outcome.PASSED.value:
        return str(_PASSED.get(mark, ""))
    fitting = next((finding for finding in findings if finding["result"] == result), None)
    if fitting is None:
        return str(_("Not checked."))
    evidence = fitting["evidence"]
    if result == Outcome.FAILED.value:
        found = _FAILED_BY_RULE.get(evidence.get("rule", "")) or _FAILED.get(fitting["reason"])
        return str(found or _("Did not pass."))
    return str(_UNKNOWN.get(evidence.get("state") or evidence.get("rule") or "", _("Could not be determined.")))

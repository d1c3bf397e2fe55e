"""From the results of the checks to the signs of fraud. Only what a check found counts; unknown adds nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from marketplace.checks import Code, Outcome, Result
from marketplace.checks.duplicate import VERY_ALIKE
from marketplace.leads import Repeated
from marketplace.quality.fraud import Sign

_BY_CODE = {
    Code.PHONE_INVALID: Sign.PHONE_INVALID,
    Code.PHONE_FICTITIOUS: Sign.PHONE_FICTITIOUS,
    Code.PHONE_PREMIUM: Sign.PHONE_COSTLY_OR_VOIP,
    Code.EMAIL_INVALID: Sign.EMAIL_SYNTAX,
    Code.EMAIL_NO_MX: Sign.EMAIL_NO_MX,
    Code.EMAIL_DISPOSABLE: Sign.EMAIL_DISPOSABLE,
    Code.NAME_IMPLAUSIBLE: Sign.NAME_GIBBERISH,
    Code.DUPLICATE_OWN: Sign.DUPLICATE_EXACT,
    Code.CONSENT_MISSING: Sign.CONSENT_ABSENT,
    Code.CONSENT_WITHDRAWN: Sign.CONSENT_ABSENT,
    Code.VELOCITY: Sign.SAME_IP_OFTEN,
}

_BY_CHECK = {
    "phone_place": Sign.PHONE_ELSEWHERE,
    "comment": Sign.TEXT_REPEATED,
    "ip_country": Sign.IP_ABROAD,
    "ip_network": Sign.DATA_CENTRE_IP,
}
_SAME_IP, _SAME_DEVICE, _SAME_TEXT = 5, 3, 2


def signs_in(checks: Mapping[str, Any], seen: Repeated | None = None) -> frozenset[Sign]:
    """What a lead's stored checks say (`marks` and `findings`), and how often its connection, device and text came."""
    found = signs_of(
        Result(
            each["check"],
            Outcome(each["result"]),
            Code(each["reason"]) if each["reason"] else None,
            each["evidence"],
        )
        for each in checks.get("findings", ())
    )
    extra = set(_of_others(seen)) if seen else set()
    if checks.get("marks", {}).get("consent") == Outcome.PASSED:  # passes are kept as marks alone
        extra.add(Sign.CONSENT_VERIFIED)
    return found | extra


def _of_others(seen: Repeated) -> Iterable[Sign]:
    if seen.ips >= _SAME_IP:
        yield Sign.SAME_IP_OFTEN
    if seen.devices >= _SAME_DEVICE:
        yield Sign.SAME_DEVICE_OFTEN
    if seen.texts >= _SAME_TEXT:
        yield Sign.TEXT_REPEATED


def signs_of(results: Iterable[Result]) -> frozenset[Sign]:
    """What the results of one lead say."""
    found: set[Sign] = set()
    for result in results:
        if result.outcome is Outcome.UNKNOWN:
            continue
        found |= _of(result)
    return frozenset(found)


def _of(result: Result) -> set[Sign]:
    found = set()
    if result.failed and result.check in _BY_CHECK:
        found.add(_BY_CHECK[result.check])
    if result.failed and result.reason in _BY_CODE:
        found.add(_BY_CODE[result.reason])
    if result.failed and result.reason is Code.BOT_SUSPECTED:
        found.add(Sign.FILLED_TOO_FAST if result.check == "fill_time" else Sign.BOT_USER_AGENT)
    evidence = result.evidence
    if result.check == "duplicate" and evidence.get("rule") == VERY_ALIKE:
        found.add(Sign.DUPLICATE_FUZZY)
    if result.check == "email" and evidence.get("role") == "yes":
        found.add(Sign.EMAIL_ROLE)
    if result.check == "email" and evidence.get("did_you_mean"):
        found.add(Sign.EMAIL_NEAR_BIG_DOMAIN)
    if result.check == "phone" and evidence.get("type") == "voip":
        found.add(Sign.PHONE_COSTLY_OR_VOIP)
    if result.check == "consent" and result.outcome is Outcome.PASSED:
        found.add(Sign.CONSENT_VERIFIED)
    return found

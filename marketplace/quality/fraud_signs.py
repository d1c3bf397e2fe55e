"""From the results of the checks to the signs of fraud. Only what a check found counts; unknown adds nothing."""

from collections.abc import Iterable

from marketplace.checks import Code, Outcome, Result
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
    if result.failed and result.reason in _BY_CODE:
        found.add(_BY_CODE[result.reason])
    if result.failed and result.reason is Code.BOT_SUSPECTED:
        found.add(Sign.FILLED_TOO_FAST if result.check == "fill_time" else Sign.BOT_USER_AGENT)
    evidence = result.evidence
    if result.check == "email" and evidence.get("role") == "yes":
        found.add(Sign.EMAIL_ROLE)
    if result.check == "email" and evidence.get("did_you_mean"):
        found.add(Sign.EMAIL_NEAR_BIG_DOMAIN)
    if result.check == "phone" and evidence.get("type") == "voip":
        found.add(Sign.PHONE_COSTLY_OR_VOIP)
    if result.check == "consent" and result.outcome is Outcome.PASSED:
        found.add(Sign.CONSENT_VERIFIED)
    return found

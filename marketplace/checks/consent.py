"""Did the person agree to be called? Only a proof counts as passed; a record or a declaration is unknown until then."""

from collections.abc import Mapping

from marketplace.catalog.field_values import read_yes_no
from marketplace.checks.result import Code, Outcome, Result, failed, passed, unknown


def check_consent(
    consent: Mapping[str, object] | None,
    *,
    declared: bool = False,
    token_verified: bool = False,
    withdrawn: bool = False,
) -> Result:
    """The state of the consent.

    Args:
        consent: the lead's own record: text, version, at, method, token.
        declared: the agency declared one text for the leads without their own.
        token_verified: the token of this lead was proven with its issuer.
        withdrawn: the person took it back.
    """
    if withdrawn:
        return withdrawn_consent()
    text, token = _part(consent, "text"), _part(consent, "token")
    agreed = read_yes_no(text)
    if agreed is False:
        return failed("consent", Code.CONSENT_MISSING, method="record", state="refused")
    if token and token_verified:
        return passed("consent", method="token", state="verified")
    if token or (text and agreed is None):
        return _present(consent)
    if declared:
        return unknown("consent", method="declared", state="declared")
    return failed("consent", Code.CONSENT_MISSING, method="record", state="flag_only" if agreed else "missing")


def withdrawn_consent() -> Result:
    """The person took it back, whatever the lead says of it."""
    return failed("consent", Code.CONSENT_WITHDRAWN, method="record", state="withdrawn")


def _part(consent: Mapping[str, object] | None, name: str) -> str:
    value = consent.get(name) if consent else None
    return "" if value is None else str(value).strip()


def _present(consent: Mapping[str, object] | None) -> Result:
    parts = ("text", "version", "at", "method", "token")
    facts = {f"has_{name}": "yes" if _part(consent, name) else "no" for name in parts}
    return Result("consent", Outcome.UNKNOWN, None, {"state": "present", **facts}, "record")

"""What a check answers, and the reasons a lead can be turned down for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"  # not run, or could not tell: never counts as passed


class Code(StrEnum):
    """The reason codes that scripts rely on."""

    MISSING_CONTACT = "missing_contact"
    PHONE_INVALID = "phone_invalid"
    PHONE_FICTITIOUS = "phone_fictitious"
    PHONE_PREMIUM = "phone_premium"
    EMAIL_INVALID = "email_invalid"
    EMAIL_DISPOSABLE = "email_disposable"
    EMAIL_NO_MX = "email_no_mx"
    NAME_IMPLAUSIBLE = "name_implausible"
    DUPLICATE_OWN = "duplicate_own"
    CONSENT_MISSING = "consent_missing"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    FIELD_MISSING = "field_missing"
    FIELD_INVALID = "field_invalid"
    TOO_OLD = "too_old"
    BOT_SUSPECTED = "bot_suspected"
    VELOCITY = "velocity"
    BLOCKED_COUNTRY = "blocked_country"


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found.

    Attributes:
        check: the name of the check, `answers.<field>` for an answer of the vertical.
        reason: set when something is to be said about the lead, whatever the outcome.
        evidence: facts such as type, region or rule; never the contact itself.
        method: how it was found out; `format` means that the value is well-formed and nothing more.
    """

    check: str
    outcome: Outcome
    reason: Code | None = None
    evidence: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    method: str = "format"

    @property
    def failed(self) -> bool:
        return self.outcome is Outcome.FAILED


def passed(check: str, *, method: str = "format", **evidence: str) -> Result:
    return Result(check, Outcome.PASSED, None, evidence, method)


def failed(check: str, reason: Code, *, method: str = "format", **evidence: str) -> Result:
    return Result(check, Outcome.FAILED, reason, evidence, method)


def unknown(check: str, reason: Code | None = None, *, method: str = "none", **evidence: str) -> Result:
    return Result(check, Outcome.UNKNOWN, reason, evidence, method)

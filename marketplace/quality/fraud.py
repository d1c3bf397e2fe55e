"""p_fraud: how likely a lead is invented, from what its checks found. The weights are published; none is secret.

They are a beginning (POLICY), not learned: until 300 outcomes are decided the score is "not yet calibrated".
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.quality.measures import expit, logit

VERSION = "cold-start-1"
USUAL_FRAUD = 0.08
CALIBRATED_FROM = 300
MOST_OF_GROUP = 3.5
MOST_OF_AGENCY = 1.5
_REASONS = 4


class Group(StrEnum):
    """Signs that tend to come together; a group's sum is kept within 3.5."""

    CONTACT = "contact"
    DEVICE = "device"
    TEXT = "text"
    CONSENT = "consent"


class Sign(StrEnum):
    """What may be found about a lead."""

    PHONE_INVALID = "phone_invalid"
    PHONE_FICTITIOUS = "phone_fictitious"
    PHONE_COSTLY_OR_VOIP = "phone_costly_or_voip"
    PHONE_ELSEWHERE = "phone_elsewhere"
    EMAIL_SYNTAX = "email_syntax"
    EMAIL_NO_MX = "email_no_mx"
    EMAIL_DISPOSABLE = "email_disposable"
    EMAIL_ROLE = "email_role"
    EMAIL_NEAR_BIG_DOMAIN = "email_near_big_domain"
    NAME_GIBBERISH = "name_gibberish"
    FILLED_TOO_FAST = "filled_too_fast"
    BOT_USER_AGENT = "bot_user_agent"
    DATA_CENTRE_IP = "data_centre_ip"
    IP_ABROAD = "ip_abroad"
    SAME_IP_OFTEN = "same_ip_often"
    SAME_DEVICE_OFTEN = "same_device_often"
    DUPLICATE_EXACT = "duplicate_exact"
    DUPLICATE_FUZZY = "duplicate_fuzzy"
    TEXT_REPEATED = "text_repeated"
    CONSENT_VERIFIED = "consent_verified"
    CONSENT_ABSENT = "consent_absent"
    PHONE_CONFIRMED = "phone_confirmed"
    EMAIL_CLICKED = "email_clicked"
    AGENCY = "agency"


_S, _G = Sign, Group
#: log-odds (POLICY), the group, and the words
TABLE: Mapping[Sign, tuple[float, Group | None, LazyText]] = MappingProxyType({
    _S.PHONE_INVALID: (3.0, _G.CONTACT, _l("the phone does not exist in its numbering plan")),
    _S.PHONE_FICTITIOUS: (3.0, _G.CONTACT, _l("the phone is a number that nobody has")),
    _S.PHONE_COSTLY_OR_VOIP: (0.8, _G.CONTACT, _l("the phone is a premium or internet number")),
    _S.PHONE_ELSEWHERE: (0.7, _G.CONTACT, _l("the phone's region is not that of the address or the connection")),
    _S.EMAIL_SYNTAX: (2.5, _G.CONTACT, _l("the e-mail address is not well-formed")),
    _S.EMAIL_NO_MX: (2.0, _G.CONTACT, _l("the e-mail's domain accepts no mail")),
    _S.EMAIL_DISPOSABLE: (2.0, _G.CONTACT, _l("the e-mail address is a throw-away one")),
    _S.EMAIL_ROLE: (0.6, _G.CONTACT, _l("the e-mail address belongs to a role, not a person")),
    _S.EMAIL_NEAR_BIG_DOMAIN: (0.8, _G.CONTACT, _l("the e-mail's domain is one letter from a big one")),
    _S.NAME_GIBBERISH: (1.2, _G.CONTACT, _l("the name does not look like a person's name")),
    _S.FILLED_TOO_FAST: (1.5, _G.DEVICE, _l("the form was filled in under 3 seconds")),
    _S.BOT_USER_AGENT: (2.5, _G.DEVICE, _l("the browser calls itself a program")),
    _S.DATA_CENTRE_IP: (1.0, _G.DEVICE, _l("it came from a data centre")),
    _S.IP_ABROAD: (0.9, _G.DEVICE, _l("it came from another country than stated")),
    _S.SAME_IP_OFTEN: (1.2, _G.DEVICE, _l("5 or more leads came from the same connection in 24 hours")),
    _S.SAME_DEVICE_OFTEN: (1.5, _G.DEVICE, _l("3 or more leads came from the same device")),
    _S.DUPLICATE_EXACT: (3.0, _G.TEXT, _l("the same person came within 90 days")),
    _S.DUPLICATE_FUZZY: (2.0, _G.TEXT, _l("very likely the same person came within 90 days")),
    _S.TEXT_REPEATED: (1.0, _G.TEXT, _l("the free text is empty talk or was sent before")),
    _S.CONSENT_VERIFIED: (-1.5, _G.CONSENT, _l("the consent is proven")),
    _S.CONSENT_ABSENT: (1.0, _G.CONSENT, _l("there is no consent record")),
    _S.PHONE_CONFIRMED: (-2.5, _G.CONTACT, _l("the phone was confirmed by a code")),
    _S.EMAIL_CLICKED: (-1.5, _G.CONTACT, _l("the link in an e-mail was clicked")),
    _S.AGENCY: (1.0, None, _l("the agency's own record")),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class FraudModel:
    """What a score is counted with: the prior and the weights in log-odds, and the line that calibrates their sum."""

    version: str
    prior: float
    weights: Mapping[Sign, float]
    slope: float = 1.0
    level: float = 0.0

    def probability(self, total: float) -> float:
        """p_fraud of a sum of log-odds."""
        return expit(self.slope * total + self.level)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `model_from` gives an equal model back."""
        weights = {sign.value: weight for sign, weight in self.weights.items()}
        return {"prior": self.prior, "weights": weights, "slope": self.slope, "level": self.level}


#: the published weights, before anything is learned
COLD_START = FraudModel(VERSION, logit(USUAL_FRAUD), MappingProxyType({sign: row[0] for sign, row in TABLE.items()}))


def model_from(version: str, stored: Mapping[str, Any]) -> FraudModel:
    """What `to_json` gave. Raises ValueError for a sign that is known no more."""
    weights = {Sign(name): weight for name, weight in stored["weights"].items()}
    return FraudModel(version, stored["prior"], weights, stored["slope"], stored["level"])


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign's share in the score, in log-odds after the cap of its group; above 0 it speaks for fraud."""

    sign: Sign
    points: float

    @property
    def label(self) -> str:
        """What was found, in the reader's language."""
        what = str(TABLE[self.sign][2])
        return what[:1].upper() + what[1:]

    @property
    def words(self) -> str:
        """The same with its points."""
        return str(_("%(what)s: %(points)s", what=self.label, points=f"{self.points:+.1f}"))


@dataclass(frozen=True, slots=True)
class FraudScore:
    """p_fraud with its parts: the prior's log-odds and the points of all reasons add up to `logit`.

    `probability` is that sum on the line of the model's calibration.
    """

    probability: float
    logit: float
    parts: tuple[Reason, ...]
    version: str = VERSION

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The four that weigh most."""
        return self.parts[:_REASONS]


def score(signs: Collection[Sign], *, agency_ratio: float | None = None, model: FraudModel = COLD_START) -> FraudScore:
    """Score what was found. A check that was not run adds nothing.

    agency_ratio: lambda, the agency's faults against those expected; above 0; None before it is rated.
    """
    weights = model.weights
    found: dict[Sign, float] = {sign: weights[sign] for sign in signs if sign is not Sign.AGENCY}
    if agency_ratio is not None:
        found[Sign.AGENCY] = max(-MOST_OF_AGENCY, min(MOST_OF_AGENCY, math.log(max(1e-9, agency_ratio))))
    kept = _within_groups(found)
    total = model.prior + sum(kept.values())
    parts = sorted(
        (Reason(sign, points) for sign, points in kept.items()), key=lambda each: (-abs(each.points), each.sign)
    )
    return FraudScore(model.probability(total), total, tuple(parts), model.version)


def is_calibrated(decided: int) -> bool:
    """Whether so many decided outcomes carry a probability; until then it is labelled "not yet calibrated"."""
    return decided >= CALIBRATED_FROM


def _within_groups(found: Mapping[Sign, float]) -> dict[Sign, float]:
    """The weights, those of a group that goes too far scaled down together."""
    sums: dict[Group | None, float] = {}
    for sign, weight in found.items():
        group = TABLE[sign][1]
        sums[group] = sums.get(group, 0.0) + weight
    scale = {group: min(1.0, MOST_OF_GROUP / abs(total)) if group and total else 1.0 for group, total in sums.items()}
    return {sign: weight * scale[TABLE[sign][1]] for sign, weight in found.items()}

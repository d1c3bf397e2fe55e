"""How likely a disputed lead is to be fake, from published rules: what each finding is worth, and what follows from it.

`logit P = logit(trust of the buyer) + .6 * (logit(fault rate of the agency) - logit(.10)) + the findings`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.quality.measures import expit, logit
from marketplace.quality.rating.weights import decay

VERSION = "published-1"
UPHOLDS_FROM, REJECTS_TO = 0.97, 0.03
_AGENCY_PART, _USUAL_RATE = 0.6, 0.10
_UPLOADED_PART = 0.5
_TRUST_UPHELD, _TRUST_DECIDED = 6.0, 9.0
_NORMAL, _POOR, _DECIDED_FOR_DEPOSIT = 0.5, 0.3, 10
_RETURNS_REVIEWED = 0.20
_PER_DAY = 0.10


class Evidence(StrEnum):
    """What may be found out about a disputed lead; also the id of its published rule."""

    PHONE_RECHECK = "phone_recheck_invalid"
    HARD_BOUNCE = "hard_bounce"
    DUPLICATE = "duplicate_90_days"
    CONSENT_BAD = "consent_missing_or_bad"
    CALL_ATTEMPTS = "call_attempts_4_on_2_days"
    DID_NOT_ASK = "recording_did_not_ask"
    NOT_ME = "consumer_not_me"
    REACHED = "buyer_reached"


class Found(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"  # the check was really run and found nothing
    UNKNOWN = "unknown"


class Force(StrEnum):
    """What a finding may do beside adding to the log-odds."""

    WEIGHS = "weighs"
    PROVES = "proves"  # a machine's fact: upholds whoever asks, unless the other findings speak against it
    DECIDES = "decides"  # the person's own word: upholds by itself


class Rule(NamedTuple):
    """What a finding adds to the log-odds of a fake."""

    present: float
    absent: float
    force: Force
    words: LazyText


_E, _F = Evidence, Force
RULES: Mapping[Evidence, Rule] = MappingProxyType({
    _E.PHONE_RECHECK: Rule(4.1, -0.35, _F.PROVES, _l("our own check of the phone line")),
    _E.HARD_BOUNCE: Rule(3.2, -0.28, _F.PROVES, _l("a hard bounce seen by our own mailer")),
    _E.DUPLICATE: Rule(4.3, -0.16, _F.PROVES, _l("the same person from the same agency within 90 days")),
    _E.CONSENT_BAD: Rule(1.6, -0.24, _F.WEIGHS, _l("the consent record is missing or bad")),
    _E.CALL_ATTEMPTS: Rule(1.0, -0.58, _F.WEIGHS, _l("at least 4 calls on at least 2 days")),
    _E.DID_NOT_ASK: Rule(2.7, -0.34, _F.WEIGHS, _l("a recording or text in which the person did not ask")),
    _E.NOT_ME: Rule(4.5, 0.0, _F.DECIDES, _l("the person said “not me” to us")),
    _E.REACHED: Rule(-3.4, 0.35, _F.WEIGHS, _l("the buyer's own record says that the person was reached")),
})  # fmt: skip


class Finding(NamedTuple):
    """One piece of evidence. `uploaded`: it stands in a file that a party sent, not in a source that is connected."""

    evidence: Evidence
    found: Found
    uploaded: bool = False


class Part(NamedTuple):
    """What one thing adds to the log-odds; the ids are published: a rule's, `buyer_trust` or `agency_rate`."""

    rule: str
    points: float
    found: str = ""


class Verdict(StrEnum):
    UPHELD = "upheld"
    REJECTED = "rejected"
    QUEUE = "queue"  # a person decides


@dataclass(frozen=True, slots=True)
class Opinion:
    """P(fake) with the parts whose sum is its log-odds, what follows, and by which rules."""

    probability: float
    parts: tuple[Part, ...]
    verdict: Verdict
    rules: tuple[str, ...]
    version: str = VERSION


def judge(trust: float, agency_rate: float, findings: Iterable[Finding]) -> Opinion:
    """Weigh a dispute; unknown adds nothing, and each kind of evidence counts once, its strongest finding.

    Args:
        trust: see `trust`, 0..1.
        agency_rate: the agency's expected share of faults, 0..1.
        findings: in any order.
    """
    kept = _strongest(findings)
    parts = (
        Part("buyer_trust", logit(trust)),
        Part("agency_rate", _AGENCY_PART * (logit(agency_rate) - logit(_USUAL_RATE))),
        *(Part(each.evidence, points_of(each), each.found) for each in kept),
    )
    probability = expit(sum(part.points for part in parts))
    verdict, rules = _verdict(probability, _proofs(kept))
    return Opinion(probability, parts, verdict, rules)


def points_of(finding: Finding) -> float:
    """What a finding adds to the log-odds: the half of its rule when a party uploaded it."""
    rule = RULES[finding.evidence]
    whole = {Found.PRESENT: rule.present, Found.ABSENT: rule.absent, Found.UNKNOWN: 0.0}[finding.found]
    return whole * _UPLOADED_PART if finding.uploaded else whole


def trust(decisions: Iterable[tuple[bool, float]]) -> float:
    """How far a buyer's word goes, from (upheld?, age in days) of the disputes decided; a new buyer has 2/3."""
    weighed = [(decay(age_days), upheld) for upheld, age_days in decisions]
    upheld = sum(weight for weight, was_upheld in weighed if was_upheld)
    return (_TRUST_UPHELD + upheld) / (_TRUST_DECIDED + sum(weight for weight, _ in weighed))


class Standing(StrEnum):
    """What a buyer's trust asks of the next dispute. None of it makes a proven fake unrefundable."""

    NORMAL = "normal"
    EVIDENCE = "evidence"  # compulsory
    DEPOSIT = "deposit"  # returned when the dispute is upheld


def standing(found: float, *, decided: int) -> Standing:
    if found >= _NORMAL:
        return Standing.NORMAL
    return Standing.DEPOSIT if found < _POOR and decided >= _DECIDED_FOR_DEPOSIT else Standing.EVIDENCE


def is_return_rate_reviewed(returned: int, bought: int) -> bool:
    """More than a fifth sent back: somebody looks, and nothing is denied silently."""
    return returned > _RETURNS_REVIEWED * bought


def urgency(amount_cents: int, probability: float, waited_days: float) -> float:
    """The place in the queue, the highest first: the money that a coin would decide wrongly, and 10 % more each day."""
    return float(amount_cents * min(probability, 1 - probability) * (1 + _PER_DAY) ** waited_days)


def _verdict(probability: float, proofs: tuple[str, ...]) -> tuple[Verdict, tuple[str, ...]]:
    if proofs:
        return Verdict.UPHELD, proofs
    if probability >= UPHOLDS_FROM:
        return Verdict.UPHELD, ("p_at_least_97",)
    if probability <= REJECTS_TO:
        return Verdict.REJECTED, ("p_at_most_3",)
    return Verdict.QUEUE, ()


def _proofs(findings: Collection[Finding]) -> tuple[str, ...]:
    """What upholds a dispute whoever the buyer is, so that nobody's poor record makes a proven fake unrefundable.

    A machine errs, too: its fact is a proof when all findings together, without anybody's record, reach the same
    certainty that is asked for elsewhere. A phone that fails while the buyer's log says "reached" is for a person.
    """
    ours = [each for each in findings if each.found is Found.PRESENT and not each.uploaded]
    said = [each.evidence.value for each in ours if RULES[each.evidence].force is Force.DECIDES]
    if expit(sum(points_of(each) for each in findings)) >= UPHOLDS_FROM:
        said += [each.evidence.value for each in ours if RULES[each.evidence].force is Force.PROVES]
    return tuple(said)


def _strongest(findings: Iterable[Finding]) -> list[Finding]:
    """One finding a kind: known before unknown, then what is worth more; the order in which they came is no matter."""
    best: dict[Evidence, Finding] = {}
    for each in findings:
        known = best.get(each.evidence)
        if known is None or _rank(each) > _rank(known):
            best[each.evidence] = each
    return [best[evidence] for evidence in Evidence if evidence in best]


def _rank(finding: Finding) -> tuple[bool, bool, float, bool]:
    found = finding.found
    return found is Found.PRESENT, found is not Found.UNKNOWN, abs(points_of(finding)), not finding.uploaded

"""Verdicts, findings and parts in words for both sides and for staff."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from marketplace.disputes.findings import FindingRow, OpinionRow
from marketplace.disputes.findings.collecting import OFFERED
from marketplace.disputes.rules import ANSWER_TIME
from marketplace.disputes.verdicts.models import By, VerdictRow
from marketplace.disputes.verdicts.queries import Weighed
from marketplace.disputes.verdicts.rules import LAST_HOUR, NO_ANSWER, TIME_UP
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.orders.attempts import LEAST_DAYS, LEAST_TRIES
from marketplace.quality.disputes import RULES, Evidence, Finding, Found, points_of

BUYER, AGENCY, SURE, SURELY_NOT = "buyer_trust", "agency_rate", "p_at_least_97", "p_at_most_3"

#: what a piece of evidence is called, and how it is said when it was found, looked for in vain, or is not known
_FOUND: Mapping[Evidence, tuple[LazyText, LazyText, LazyText, LazyText]] = {
    Evidence.PHONE_RECHECK: (
        _l("Phone"),
        _l("The network says that the line is dead."),
        _l("The network says that the line is alive."),
        _l("Nobody could say whether the line is alive."),
    ),
    Evidence.HARD_BOUNCE: (
        _l("E-mail"),
        _l("An e-mail we sent bounced for good."),
        _l("An e-mail we sent arrived."),
        _l("No e-mail we sent has bounced."),
    ),
    Evidence.DUPLICATE: (
        _l("Duplicates"),
        _l("The same agency had sent this person within 90 days."),
        _l("The same agency had not sent this person within 90 days."),
        _l("Nothing to compare."),
    ),
    Evidence.CONSENT_BAD: (
        _l("Consent"),
        _l("The consent record is missing or bad."),
        _l("The consent is proven."),
        _l("A record is there. Nobody has proven it."),
    ),
    Evidence.CALL_ATTEMPTS: (
        _l("Calls"),
        _l("%(calls)s calls or more on %(days)s days or more reached nobody.", calls=LEAST_TRIES, days=LEAST_DAYS),
        _l("Fewer than %(calls)s calls on %(days)s days.", calls=LEAST_TRIES, days=LEAST_DAYS),
        _l("No call is logged."),
    ),
    Evidence.DID_NOT_ASK: (
        _l("Recording or text"),
        _l("The buyer gave a file that should show it. We have not read it."),
        _l("The file shows nothing of it."),
        _l("No such file."),
    ),
    Evidence.NOT_ME: (
        _l("“Not me”"),
        _l("The person told us that it was not them."),
        _l("The person told us that they had asked."),
        _l("The person has not told us anything."),
    ),
    Evidence.REACHED: (
        _l("Buyer’s own record"),
        _l("It says that the person was reached."),
        _l("It says that the person was not reached."),
        _l("It says nothing about it."),
    ),
}

_HOUR = timedelta(hours=1)
_NAMES: Mapping[str, LazyText] = {
    BUYER: _l("The buyer’s record"),
    AGENCY: _l("The agency’s record"),
    SURE: _l("97 percent or more upholds"),
    SURELY_NOT: _l("3 percent or less rejects"),
    NO_ANSWER: _l("The agency did not answer within %(hours)s hours", hours=ANSWER_TIME // _HOUR),
    TIME_UP: _l("Nobody decided within %(hours)s hours: what is more likely holds", hours=LAST_HOUR // _HOUR),
}


def label_of(evidence: str) -> str:
    """What a kind of evidence is called."""
    return str(_FOUND[Evidence(evidence)][0])


def said_of(evidence: str, found: str) -> str:
    """What was found, as one sentence."""
    _label, present, absent, unknown = _FOUND[Evidence(evidence)]
    words: Mapping[Found, LazyText] = {Found.PRESENT: present, Found.ABSENT: absent, Found.UNKNOWN: unknown}
    return str(words[Found(found)])


def rule_in_words(rule: str) -> str:
    """What a published id stands for."""
    return str(_NAMES[rule] if rule in _NAMES else RULES[Evidence(rule)].words)


def told_part(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the probability with its words, as the API gives it."""
    rule, found = part["rule"], part["found"]
    return {**part, "words": said_of(rule, found) if found else rule_in_words(rule)}


def told_findings(found: Iterable[FindingRow]) -> list[dict[str, Any]]:
    """What was looked for, as a list of checks: what speaks against the lead fails, what speaks for it passes."""
    return [
        {
            "label": label_of(row.evidence),
            "result": _result(row),
            "evidence": _counted(row.evidence, row.found, row.facts),
            "when": row.at,
            "source": row.source,
        }
        for row in found
    ]


def told_parts(opinion: OpinionRow, found: Collection[FindingRow]) -> list[dict[str, Any]]:
    """The parts of the probability, the largest first, each with what it comes from."""
    uploaded = {row.evidence for row in found if row.uploaded}
    of_offer = {row.evidence: _counted(row.evidence, row.found, row.facts) for row in found if OFFERED in row.facts}
    notes = {
        BUYER: _(
            "trust %(trust)s, %(upheld)s of %(decided)s upheld",
            trust=f"{opinion.trust:.2f}",
            upheld=opinion.trust_upheld,
            decided=opinion.trust_decided,
        ),
        AGENCY: _("fault rate %(percent)s %%", percent=f"{opinion.agency_rate * 100:.0f}"),
    }
    parts = [
        {
            "label": of_offer.get(part["rule"]) or told_part(part)["words"],
            "points": part["points"],
            "note": notes.get(part["rule"], _("counts half") if part["rule"] in uploaded else ""),
        }
        for part in opinion.parts
        if part["found"] != Found.UNKNOWN
    ]
    return sorted(parts, key=lambda part: -abs(part["points"]))


def told(weighed: Weighed) -> dict[str, Any]:
    """What was looked for, what it adds up to, and the verdict, as pages show them."""
    found, opinion = weighed.findings, weighed.opinion
    return {
        "opinion": opinion,
        "findings": told_findings(found),
        "parts": told_parts(opinion, found) if opinion else [],
        "verdict_row": weighed.verdict,
    }


def told_rules(opinion: OpinionRow) -> list[dict[str, Any]]:
    """The rules that decide by themselves, those that apply first; for the others why not."""
    proofs = [rule for rule in opinion.rules if rule not in (SURE, SURELY_NOT)]
    applying = [{"id": rule, "words": rule_in_words(rule), "applies": True} for rule in opinion.rules]
    others = [] if proofs else [{"id": "proof", "words": _("A proof: nothing that we found upholds by itself")}]
    if not {SURE, SURELY_NOT} & set(opinion.rules):
        others.append({"id": "p", "words": _("Certain: between 3 and 97 percent a person decides")})
    return applying + others


def draft_of(found: Iterable[FindingRow]) -> str:
    """What a reason can begin with, whatever the decision is: what was found."""
    facts = " ".join(_counted(row.evidence, row.found, row.facts) for row in found if row.is_known)
    return str(_("Weighed: what both sides say and show. %(facts)s", facts=facts)).strip()


def _result(row: FindingRow) -> str:
    points = points_of(Finding(Evidence(row.evidence), Found(row.found), row.uploaded))
    return "failed" if points > 0 else "passed" if points < 0 else "unknown"


def _counted(evidence: str, found: str, counts: Mapping[str, Any]) -> str:
    """With the counts behind it, where there are some."""
    if found != Found.UNKNOWN and "tries" in counts:
        return str(_("Calls without success: %(tries)s on %(days)s days.", **counts))
    said = said_of(evidence, found)
    return str(_("Of the offered correction: %(said)s", said=said)) if OFFERED in counts else said


def reasoning_of(verdict: VerdictRow) -> str:
    """Why it was decided so, for both sides: the rules, the facts as they were, and how sure it was."""
    if verdict.by == By.SILENCE:
        return str(_("The agency did not answer in time."))
    facts = " ".join(_counted(each["evidence"], each["found"], each.get("counts", {})) for each in verdict.facts)
    named = "; ".join(f"{rule_in_words(rule)} ({rule})" for rule in verdict.rules)
    told: str = _(
        "Decided by published rule: %(rules)s. What was found: %(facts)s The probability that the dispute is right was "
        "%(percent)s percent.",
        rules=named,
        facts=facts or _("nothing."),
        percent=f"{verdict.p_fake * 100:.1f}",
    )
    return told

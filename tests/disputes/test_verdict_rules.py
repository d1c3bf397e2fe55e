"""Which facts decide a dispute without a person, whose record alone never does, and on whom the draw falls."""

import hashlib
import math
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.disputes import DisputeState, Reason
from marketplace.disputes.findings.weighing import place_of
from marketplace.disputes.verdicts.rules import by_facts, by_silence, by_time, is_drawn
from marketplace.quality.disputes import Evidence, Finding, Found, judge, urgency

UP, DOWN = DisputeState.UPHELD, DisputeState.REJECTED
NEW, SAINT, SINNER = 2 / 3, 0.97, 0.1
PRESENT, ABSENT = Found.PRESENT, Found.ABSENT


def ruled(*found, trust=NEW, rate=0.1, reason=Reason.BOT, is_answered=True):
    """The outcome and the rules that the facts lead to, None where a person decides."""
    findings = [Finding(Evidence(kind), state, uploaded) for kind, state, uploaded in found]
    ruling = by_facts(judge(trust, rate, findings), findings, reason, is_answered=is_answered)
    return (ruling.outcome, ruling.rules) if ruling else None


DEAD, BOUNCED = ("phone_recheck_invalid", PRESENT, False), ("hard_bounce", PRESENT, False)
SAME, NOT_ME = ("duplicate_90_days", PRESENT, False), ("consumer_not_me", PRESENT, False)
REACHED, FILE = ("buyer_reached", PRESENT, False), ("recording_did_not_ask", PRESENT, True)
GOOD = [("phone_recheck_invalid", ABSENT, False), ("duplicate_90_days", ABSENT, False)]


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        ([DEAD], "phone_recheck_invalid"),
        ([SAME], "duplicate_90_days"),
        ([NOT_ME, REACHED], "consumer_not_me"),
        ([BOUNCED, ("consent_missing_or_bad", PRESENT, False)], "hard_bounce"),
    ],
)
@pytest.mark.parametrize("trust", [NEW, SAINT, SINNER])
def test_a_proof_upholds_whoever_asks(found, rule, trust):
    assert ruled(*found, trust=trust) == (UP, (rule,))


@pytest.mark.parametrize(
    ("found", "waits"), [([DEAD], True), ([BOUNCED, DEAD], True), ([SAME], False), ([NOT_ME], False)]
)
def test_the_agency_is_heard_first_but_where_its_word_could_change_nothing(found, waits):
    assert ruled(*found) is not None
    assert (ruled(*found, is_answered=False) is None) == waits


def test_a_machine_that_is_contradicted_is_for_a_person():
    assert ruled(DEAD, REACHED) is None


def test_no_record_alone_decides_anything():
    assert judge(0.98, 0.3, []).verdict == "upheld"
    assert ruled(trust=0.98, rate=0.3) is None
    assert judge(SINNER, 0.005, []).verdict == "rejected"
    assert ruled(trust=SINNER, rate=0.005) is None


def test_a_file_that_we_cannot_read_decides_nothing_however_good_the_record_of_who_sent_it():
    assert ruled(FILE, trust=SAINT) is None
    assert ruled(FILE, ("consent_missing_or_bad", PRESENT, False), trust=SAINT) is None
    told = ("recording_did_not_ask", PRESENT, False)
    assert ruled(told, trust=SAINT) == (UP, ("p_at_least_97",))


def test_what_the_buyer_wrote_itself_rejects_but_not_that_the_lead_was_no_duplicate():
    assert ruled(REACHED, *GOOD, trust=0.6) == (DOWN, ("p_at_most_3",))
    for reason in (Reason.DUPLICATE, Reason.OUTSIDE_CRITERIA):
        assert ruled(REACHED, *GOOD, trust=0.6, reason=reason) is None
    assert ruled(REACHED, *GOOD, trust=0.6, is_answered=False) is None


def test_silence_upholds_and_time_takes_what_is_more_likely():
    assert by_silence() == (UP, ("no_answer_72h",))
    assert by_time(judge(0.5, 0.1, [])).outcome == UP
    assert by_time(judge(0.49, 0.1, [])) == (DOWN, ("time_up_120h",))


def test_the_draw_takes_one_in_twenty_whatever_the_ids_are():
    drawn = sum(is_drawn(hashlib.sha256(str(number).encode()).digest()) for number in range(20_000))
    assert 900 < drawn < 1_100


def test_a_place_in_the_queue_is_the_urgency_on_whatever_day_it_is_asked():
    opened = datetime(2026, 11, 1, tzinfo=UTC)
    cases = [(340_00, 0.8, 0.0), (180_00, 0.38, 1.5), (96_00, 0.97, 9.0), (52_00, 0.5, 20.0)]
    for waited in (0, 30):
        ours = [place_of(cents, p, opened - timedelta(days=days)) for cents, p, days in cases]
        theirs = [math.log(urgency(cents, p, days + waited)) for cents, p, days in cases]
        gaps = [a - b for a, b in zip(ours, theirs, strict=True)]
        assert max(gaps) - min(gaps) < 1e-9

"""p_fraud: published weights, capped groups, reasons in words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.checks import check_email, check_phone
from marketplace.checks.bot import check_user_agent
from marketplace.checks.consent import check_consent
from marketplace.checks.fill_time import check_fill_time
from marketplace.quality.fraud import TABLE, Group, Sign, is_calibrated, score
from marketplace.quality.fraud_signs import signs_of
from marketplace.quality.measures import expit, logit

some_signs = st.sets(st.sampled_from([sign for sign in Sign if sign is not Sign.AGENCY]))
agencies = st.none() | st.floats(0.01, 50)


def test_nothing_found_is_the_usual_share():
    assert score(()).probability == pytest.approx(0.08)
    assert score(()).reasons == ()


@pytest.mark.parametrize(
    ("sign", "weight"),
    [
        ("phone_invalid", 3.0), ("phone_fictitious", 3.0), ("phone_costly_or_voip", 0.8), ("phone_elsewhere", 0.7),
        ("email_syntax", 2.5), ("email_no_mx", 2.0), ("email_disposable", 2.0), ("email_role", 0.6),
        ("email_near_big_domain", 0.8), ("name_gibberish", 1.2), ("filled_too_fast", 1.5), ("bot_user_agent", 2.5),
        ("data_centre_ip", 1.0), ("ip_abroad", 0.9), ("same_ip_often", 1.2), ("same_device_often", 1.5),
        ("duplicate_exact", 3.0), ("duplicate_fuzzy", 2.0), ("text_repeated", 1.0), ("consent_verified", -1.5),
        ("consent_absent", 1.0), ("phone_confirmed", -2.5), ("email_clicked", -1.5),
    ],
)  # fmt: skip
def test_the_published_weights(sign, weight):
    assert score([Sign(sign)]).logit == pytest.approx(logit(0.08) + weight)


@given(some_signs, agencies)
def test_parts_add_up_and_no_group_goes_beyond_its_cap(signs, agency):
    found = score(signs, agency_ratio=agency)
    assert logit(0.08) + sum(part.points for part in found.parts) == pytest.approx(found.logit)
    assert found.probability == pytest.approx(expit(found.logit))
    for group in Group:
        assert abs(sum(part.points for part in found.parts if TABLE[part.sign][1] is group)) <= 3.5 + 1e-9
    assert abs(sum(part.points for part in found.parts if part.sign is Sign.AGENCY)) <= 1.5


@given(some_signs, st.sampled_from([sign for sign in Sign if TABLE[sign][0] > 0 and sign is not Sign.AGENCY]))
def test_one_more_bad_sign_never_makes_fraud_less_likely(signs, sign):
    assert score(signs | {sign}).logit >= score(signs).logit - 1e-9


@given(some_signs, st.randoms())
def test_the_order_of_signs_changes_nothing(signs, source):
    shuffled = list(signs)
    source.shuffle(shuffled)
    assert score(shuffled).probability == pytest.approx(score(sorted(signs)).probability)


def test_the_agencys_own_record_counts_within_bounds():
    assert score((), agency_ratio=2).logit == pytest.approx(logit(0.08) + math.log(2))
    assert score((), agency_ratio=1000).logit == pytest.approx(logit(0.08) + 1.5)
    assert score((), agency_ratio=0).logit == pytest.approx(logit(0.08) - 1.5)


def test_the_four_that_weigh_most_are_said_in_words():
    found = score([Sign.PHONE_INVALID, Sign.BOT_USER_AGENT, Sign.CONSENT_VERIFIED, Sign.EMAIL_ROLE, Sign.TEXT_REPEATED])
    assert len(found.reasons) == 4
    assert Sign.EMAIL_ROLE not in {reason.sign for reason in found.reasons}
    assert found.reasons[0].words.startswith("The phone does not exist in its numbering plan: +")


def test_until_300_outcomes_it_is_not_calibrated():
    assert [is_calibrated(count) for count in (0, 299, 300)] == [False, False, True]


def test_signs_come_from_the_checks_and_unknown_adds_nothing():
    results = [
        check_phone("+1 202 555 0123", None),
        check_email("info@outlok.com"),
        check_user_agent("curl/8.0"),
        check_fill_time(1),
        check_consent(None),
    ]
    assert signs_of(results) == {
        Sign.PHONE_FICTITIOUS, Sign.EMAIL_ROLE, Sign.EMAIL_NEAR_BIG_DOMAIN, Sign.BOT_USER_AGENT, Sign.FILLED_TOO_FAST,
        Sign.CONSENT_ABSENT,
    }  # fmt: skip
    nothing = [check_phone("", None), check_email(None), check_user_agent(None), check_fill_time(None)]
    assert signs_of(nothing) == frozenset()
    proven = check_consent({"text": "I agree", "token": "t"}, token_verified=True)
    assert signs_of([proven]) == {Sign.CONSENT_VERIFIED}

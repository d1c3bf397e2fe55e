"""While a decision of staff can still be taken back, no clock decides the case."""

from datetime import timedelta
from uuid import UUID

from marketplace.disputes.corrections import rules
from marketplace.disputes.jobs import end_corrections
from marketplace.disputes.rules import ANSWER_TIME
from marketplace.disputes.verdicts.clocks import SILENT
from marketplace.kit.db import transaction
from tests.admin.test_disputes import available, decide
from tests.admin.test_dropped import at, corrects

SECONDS = timedelta(seconds=10)


def test_an_offer_that_was_tried_is_not_taken_by_the_clock(staff, dispute, agency, buyer, api, clock, half_a_minute):
    case = dispute("wrong_person")
    corrects(api(agency), case)
    assert api(buyer).post(f"{at(case)}/correction/trial").status == 201
    clock.advance(seconds=(rules.TIME - SECONDS).total_seconds())
    decide(staff, case, "full")
    clock.advance(seconds=15)
    end_corrections()
    assert api(buyer).get(at(case))["state"] == "answered"
    half_a_minute()
    assert (api(buyer).get(at(case))["state"], available(buyer, api)) == ("upheld", 50_000)


def test_a_clock_that_has_found_the_case_looks_again(staff, dispute, buyer, api, clock, half_a_minute):
    case = dispute()
    clock.advance(seconds=ANSWER_TIME.total_seconds() + 1)
    decide(staff, case, "none")
    with transaction():
        SILENT.act(UUID(at(case).split("/")[-1]))
    half_a_minute()
    assert (api(buyer).get(at(case))["state"], available(buyer, api)) == ("rejected", 40_000)

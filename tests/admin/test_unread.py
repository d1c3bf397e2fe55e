"""Nobody decides over what came in after their page was drawn: they are shown it first, and keep their words."""

from uuid import UUID

import pytest

from marketplace.disputes import afterthought, findings
from marketplace.disputes.actions import Verdict
from marketplace.disputes.models import Dispute, DisputeState
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Forbidden
from marketplace.quality.disputes import Evidence, Found
from tests.admin.test_disputes import OVERLOOKED, available, decide
from tests.admin.test_dropped import UNREAD, WORDS, adds, answers, at, corrects
from tests.factories.people import make_person


def finds(_agency, case):
    with transaction():
        dispute = session().get_one(Dispute, at(case).split("/")[-1])
        findings.note(
            dispute, findings.Look(Evidence.NOT_ME, Found.PRESENT, findings.Source.CONSUMER, findings.BY_LETTER)
        )


@pytest.mark.parametrize("comes_in", [answers, corrects, adds, finds])
def test_what_came_in_after_the_page_was_drawn_is_shown_first(
    staff, dispute, agency, buyer, api, half_a_minute, comes_in
):
    case = dispute("wrong_person")
    drawn = staff.get(case).value_of("version")
    comes_in(api(agency), case)
    refused = decide(staff, case, "full", WORDS, version=drawn)
    assert (refused.status, UNREAD in refused.words) == (409, True)
    assert refused.value_of("reasoning") == WORDS
    half_a_minute()
    assert available(buyer, api) == 40_000
    assert decide(staff, case, "full", WORDS, version=refused.value_of("version")).status == 303
    half_a_minute()
    assert available(buyer, api) == 50_000


def test_an_appeal_is_not_decided_over_an_answer_that_its_page_did_not_show(
    dispute, agency, buyer, api, visit, half_a_minute
):
    case, second = dispute(), visit(make_person("staff"))
    decide(visit(make_person("staff")), case, "none")
    half_a_minute()
    assert api(buyer).post(f"{at(case)}/appeals", {"statement": OVERLOOKED}).status == 201
    rule, page = f"{case}/appeals/buyer/decision", second.get(case)
    assert visit(agency).post(f"{at(case)}/appeal/answer", statement="It rang for us.").status == 303
    refused = second.post(rule, decision="100", reasoning="Seen again.", version=page.value_of("version"))
    assert (refused.status, UNREAD in refused.words, "It rang for us." in refused.words) == (409, True, True)
    assert refused.value_of("reasoning") == "Seen again."
    again = {"decision": "100", "reasoning": "Seen again.", "version": refused.value_of("version")}
    assert second.post(rule, **again).status == 303


def test_a_script_can_say_which_version_it_has_read(dispute, agency, buyer, api):
    case, first, second = at(dispute()), api(make_person("staff")), api(make_person("staff"))
    verdict = {"outcome": "rejected", "refund_percent": 0, "reasoning": "A person typed it."}
    read = first.get(case)["version"]
    answers(api(agency), case)
    assert first.post(f"{case}/decisions", {**verdict, "version": read}).code == "decision_unread"
    now = first.get(case)["version"]
    assert first.post(f"{case}/decisions", {**verdict, "version": now}).status == 201
    api(buyer).post(f"{case}/appeals", {"statement": OVERLOOKED})
    ruling = {"refund_percent": 0, "reasoning": "Seen again."}
    path = f"{case}/appeals/buyer/decisions"
    assert second.post(path, {**ruling, "version": now}).code == "decision_unread"
    assert second.post(path, ruling).status == 201


@pytest.mark.parametrize("act", [afterthought.hold, afterthought.at_once])
def test_who_may_not_decide_is_not_told_what_came_in(dispute, buyer, act):
    verdict = Verdict(DisputeState.REJECTED, 0, "A person typed it.", version="another one")
    dispute_id = UUID(dispute().split("/")[-1])
    with pytest.raises(Forbidden), transaction():
        act(buyer.who, dispute_id, verdict)

"""A typo put right within the time to answer: offered, tried, and then it works, or does not, or nobody looks."""

from uuid import UUID

import pytest
from sqlalchemy import text

from marketplace import leads
from marketplace.disputes.findings import Line, Unanswered
from marketplace.disputes.jobs import end_corrections, judge, look_into
from marketplace.disputes.verdicts import Asked, take_in
from marketplace.kit.crypto import Unreadable, blind_index
from marketplace.kit.db import session, transaction
from marketplace.leads import bounces
from tests.factories.leads import make_lead
from tests.factories.lines import asked_about_lines
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.story import open_dispute, put_on_sale, sold

SOLD, RIGHT = "+1 512 555 0174", "+1 512 236 5174"
WRONG, OTHER = "+15122365147", "+15122369999"


@pytest.fixture
def buyer(app):
    return funded_buyer(200_00)


@pytest.fixture
def case(api, agency, buyer):
    """An open dispute over 40.00 about a phone with two digits swapped; its address and its order."""
    order = sold(api(agency), api(buyer), 40_00, make_lead(phone=WRONG, email="old.name@gmail.com"))
    return f"/disputes/{open_dispute(api(buyer), order, 'invalid_phone')}", f"/orders/{order}"


def test_a_corrected_number_that_works_ends_the_dispute_and_nothing_goes_back(
    api, agency, buyer, case, visit, run_jobs, mail, later
):
    address, order = case
    theirs, reader = visit(agency), visit(buyer)
    assert "Was it a typo?" in theirs.get(address).words
    wrong = theirs.post(f"{address}/correction", field="phone", value="+1 512 55")
    assert (wrong.status < 500, wrong.value_of("value"), "cannot be called" in wrong.words) == (True, "+1 512 55", True)
    page = theirs.follow(theirs.post(f"{address}/correction", field="phone", value=RIGHT))
    assert "The buyer has not looked at it yet" in page.words
    assert "We offer a correction: see below." in page.words
    assert api(buyer).get(address)["answer"] == "We offer a correction: see below."
    assert session().scalar(text("SELECT answer FROM disputes")) is None
    assert (
        "the buyer has yet to say whether the correction works"
        in visit(make_person("staff")).get(f"/admin{address}").words
    )
    run_jobs()
    assert "The agency offers a correction" in [letter.subject for letter in mail.letters if letter.to == buyer.email]
    before = reader.get(address)
    assert "a typo, at most two characters away" in before.words
    assert "236 5174" not in before.words
    tried = reader.follow(reader.post(f"{address}/correction/trial"))
    assert RIGHT in tried.words
    narrow = make_person("buyer", org_id=buyer.org_id, scopes=["disputes:read"])
    assert api(narrow).get(f"{address}/correction").status == 200
    assert RIGHT not in str(api(narrow).get(f"{address}/correction").body), "who reads no contact reads no correction"
    assert RIGHT in str(api(buyer).get(f"{address}/correction").body)
    assert RIGHT not in theirs.get(address).words
    assert api(buyer).get(order)["contact"]["phone_e164"] == WRONG, "the lead changes only when it works"
    over = reader.follow(reader.post(f"{address}/correction/result", works="1"))
    assert "The lead is put right, and the dispute is over." in over.words
    assert "corrected" in over.words
    assert api(buyer).get(order)["contact"]["phone_e164"] == "+15122365174"
    assert api(buyer).get(order)["state"] == "held"
    assert api(buyer).get("/wallet")["available"] == 160_00
    assert reader.post(f"{address}/correction/result", works="0").status == 409
    again = api(buyer).post(f"{order}/disputes", {"reason": "bot", "statement": "And it was a program."})
    assert (again.status, again.code) == (409, "already_disputed")
    later(days=8)
    assert api(buyer).get(order)["state"] == "released"


@pytest.fixture
def network(app):
    """The number that was sold is dead."""
    with asked_about_lines() as network:
        network.says[WRONG] = Line.DEAD
        yield network


@pytest.fixture
def failed(api, agency, buyer, case, run_jobs):
    """The buyer has tried the offered number and says that it does not work either: the dispute as it then is."""

    def failed():
        address, _order = case
        run_jobs()
        assert api(agency).post(f"{address}/correction", {"field": "phone", "value": RIGHT}).status == 201
        assert api(buyer).post(f"{address}/correction/trial").status == 201
        told = api(buyer).post(f"{address}/correction/result", {"works": False})
        assert (told["state"], told["value"]) == ("failed", None)
        judge(subject_id=address.rpartition("/")[2])
        assert api(buyer).get(address)["state"] == "answered", "before the offered number was asked about"
        run_jobs()
        return api(buyer).get(address)

    return failed


def phone_in(told):
    return next(each["found"] for each in told["findings"] if each["evidence"] == "phone_recheck_invalid")


def test_one_that_does_not_work_either_is_a_fact_for_whoever_decides(api, agency, buyer, case, run_jobs):
    address, order = case
    offered = api(agency).post(f"{address}/correction", {"field": "phone", "value": RIGHT}, idem="offer")
    assert (offered.status, offered["state"], offered["value"]) == (201, "offered", None)
    assert api(agency).post(f"{address}/correction", {"field": "phone", "value": RIGHT}, idem="offer").status == 201
    assert api(buyer).get(f"{address}/correction")["value"] is None
    assert api(agency).post(f"{address}/correction/trial").status == 403
    assert api(buyer).post(f"{address}/correction/trial")["value"] == RIGHT
    assert api(agency).get(f"{address}/correction")["value"] is None
    api(buyer).post(f"{address}/correction/result", {"works": False})
    run_jobs()
    told = api(buyer).get(address)
    assert (told["state"], phone_in(told)) == ("answered", "unknown"), "nobody can be asked"
    assert api(buyer).get(order)["contact"]["phone_e164"] == WRONG
    verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "Neither number works."}
    assert api(make_person("staff")).post(f"{address}/decisions", verdict).status == 201
    assert api(buyer).get("/wallet")["available"] == 200_00


def test_a_case_that_staff_decide_before_the_buyer_has_tried_says_so(api, agency, case, visit):
    address, _order = case
    assert api(agency).post(f"{address}/correction", {"field": "phone", "value": RIGHT}).status == 201
    verdict, decider = {"outcome": "rejected", "refund_percent": 0, "reasoning": "It rang."}, make_person("staff")
    assert api(decider).post(f"{address}/decisions", verdict).status == 201
    assert "The case ended before the buyer said whether it works." in visit(decider).get(f"/admin{address}").words


def test_a_failed_correction_is_looked_up_and_its_dead_line_upholds(api, agency, buyer, network, failed, visit):
    network.says["+15122365174"] = Line.DEAD
    told = failed()
    assert network.asked == [WRONG, "+15122365174"]
    assert (told["state"], told["rules"]) == ("upheld", ["phone_recheck_invalid"])
    assert (words := "Of the offered correction: The network says that the line is dead.") in told["reasoning"]
    assert visit(agency).get(f"/disputes/{told['id']}").words.count(words) == 3, "in the verdict, the finding, the sum"
    assert api(buyer).get("/wallet")["available"] == 200_00
    assert session().scalar(text("SELECT count(*) FROM corrections WHERE sealed IS NOT NULL")) == 0


def test_after_a_failed_correction_the_clock_decides_by_the_offered_number(api, buyer, case, network, failed, later):
    network.says["+15122365174"] = Line.LIVE
    api(buyer).post(f"{case[1]}/outcomes", {"stage": "contacted"})
    told = failed()
    assert (told["state"], phone_in(told)) == ("answered", "absent"), "that the old number is dead is no fact any more"
    with transaction():  # what was asked before comes late
        take_in(UUID(told["id"]), Asked(WRONG, is_offered=False), Line.DEAD)
    look_into(subject_id=told["id"])
    assert network.asked == [WRONG, "+15122365174"], "once each"
    later(hours=121)
    told = api(buyer).get(case[0])
    assert (told["state"], told["rules"], phone_in(told)) == ("rejected", ["time_up_120h"], "absent")


def test_an_offered_number_is_not_kept_once_the_dispute_is_over(api, agency, buyer, case, network):
    network.says["+15122365174"] = Unanswered()
    address, _order = case
    api(agency).post(f"{address}/correction", {"field": "phone", "value": RIGHT})
    api(buyer).post(f"{address}/correction/trial")
    api(buyer).post(f"{address}/correction/result", {"works": False})
    with pytest.raises(Unanswered):
        look_into(subject_id=address.rpartition("/")[2])
    session().rollback()
    kept = text("SELECT count(*) FROM corrections WHERE sealed IS NOT NULL")
    assert session().scalar(kept) == 1, "it is to be asked about again"
    assert api(buyer).post(f"{address}/withdrawal").status == 200
    end_corrections()
    assert session().scalar(kept) == 0


def test_a_bounce_of_the_old_address_says_nothing_of_the_one_that_was_offered(api, agency, buyer, run_jobs):
    order = sold(api(agency), api(buyer), 40_00, make_lead(email="maria.nunes@gmail.com"))
    with transaction():
        bounces.note("maria.nunes@gmail.com")
    address = open_dispute(api(buyer), order, "invalid_email")
    said = {"field": "email", "value": "maria.nunez@gmail.com"}
    assert api(agency).post(f"/disputes/{address}/correction", said).status == 201
    api(buyer).post(f"/disputes/{address}/correction/trial")
    api(buyer).post(f"/disputes/{address}/correction/result", {"works": False})
    run_jobs()
    told = api(buyer).get(f"/disputes/{address}")
    bounce = next(each["found"] for each in told["findings"] if each["evidence"] == "hard_bounce")
    assert (told["state"], bounce) == ("answered", "unknown")


@pytest.mark.parametrize("when", ["before", "offered", "tried", "tried, and silence"])
def test_an_address_whose_reader_wants_no_more_calls_is_neither_shown_nor_stands(api, agency, buyer, later, when):
    """Its agency is not told: whoever may ask for any address a slip away would learn who has stopped."""
    order = sold(api(agency), api(buyer), 40_00, make_lead(email="maria.nunes@gmail.com"))
    address = f"/disputes/{open_dispute(api(buyer), order, 'invalid_email')}"

    def stop_if(now):
        if when == now:
            with transaction():
                leads.stop_person(blind_index("email", "marianunez@gmail.com"))

    stop_if("before")
    offered = api(agency).post(f"{address}/correction", {"field": "email", "value": "maria.nunez@gmail.com"})
    assert offered.status == 201, offered.body
    assert offered["state"] == "offered"
    stop_if("offered")
    shown = api(buyer).post(f"{address}/correction/trial")
    was_seen = when.startswith("tried")
    assert ("nunez" in str(shown.body)) is was_seen
    assert was_seen or api(agency).get(f"{address}/correction").body == offered.body, "as if the buyer had not looked"
    stop_if("tried")
    stop_if("tried, and silence")
    if when == "tried":
        assert api(buyer).post(f"{address}/correction/result", {"works": True}).status == 201
    later(hours=1)
    told = api(agency).get(f"{address}/correction")
    # like one of which its buyer says no: nothing else that was tried lapses, or fails when its time is over
    assert told["state"] == ("failed" if was_seen else "offered")
    assert not was_seen or told["ended_at"] < told["until"]
    later(hours=49)
    assert api(agency).get(f"{address}/correction")["state"] == ("failed" if was_seen else "lapsed")
    assert api(buyer).get(address)["state"] in ("open", "answered")
    assert api(buyer).get(f"/orders/{order}")["contact"]["email"] == "maria.nunes@gmail.com"


def test_time_decides_where_nobody_speaks(api, agency, buyer, case, later):
    address, _order = case
    api(agency).post(f"{address}/correction", {"field": "phone", "value": RIGHT})
    later(hours=49)
    assert api(buyer).get(f"{address}/correction")["state"] == "lapsed"
    assert api(buyer).get(address)["state"] == "answered", "the dispute goes on"
    assert api(buyer).post(f"{address}/correction/trial").code == "correction_ended"


def test_what_was_tried_and_not_spoken_of_works(api, agency, buyer, case, later):
    address, order = case
    api(agency).post(f"{address}/correction", {"field": "phone", "value": RIGHT})
    api(buyer).post(f"{address}/correction/trial")
    assert api(buyer).post(f"{address}/correction/trial").status == 201, "a second click"
    later(hours=49)
    assert api(buyer).get(address)["state"] == "corrected"
    assert api(buyer).get(order)["contact"]["phone_e164"] == "+15122365174"
    with transaction():
        keys = session().scalars(text("SELECT count(*) FROM lead_keys WHERE kind = 'phone'")).one()
        assert session().scalars(text("SELECT count(*) FROM corrections WHERE sealed IS NOT NULL")).one() == 0
    assert keys == 1


def test_one_that_breaks_stops_no_other(api, agency, buyer, case, clock):
    other = sold(api(agency), api(buyer), 40_00, make_lead(phone=OTHER))
    addresses = [case[0], f"/disputes/{open_dispute(api(buyer), other, 'invalid_phone')}"]
    for address, value in zip(addresses, (RIGHT, "+15122369989"), strict=True):
        assert api(agency).post(f"{address}/correction", {"field": "phone", "value": value}).status == 201
        api(buyer).post(f"{address}/correction/trial")
    with transaction():
        session().execute(
            text("UPDATE corrections SET sealed = '\\x00' WHERE dispute_id = :first"),
            {"first": min(addresses).rpartition("/")[2]},
        )
    clock.advance(hours=49)
    with pytest.raises(Unreadable):
        end_corrections()
    session().rollback()
    assert [api(buyer).get(address)["state"] for address in sorted(addresses)] == ["answered", "corrected"]


@pytest.mark.parametrize(
    ("field", "value", "code", "words"),
    [
        ("phone", OTHER, "not_mended", "more than a typo away"),
        ("phone", WRONG, "not_mended", "more than a typo away"),
        ("phone", "+1 512 55", "not_mended", "cannot be called"),
        ("email", "new.name@gmail.com", "no_typo", ""),
    ],
)
def test_what_is_no_typo_is_not_offered(api, agency, case, field, value, code, words):
    refused = api(agency).post(f"{case[0]}/correction", {"field": field, "value": value})
    assert (refused.status, refused.code) == (422, code)
    assert words in str(refused.body)


def test_who_may_offer_when(api, agency, buyer, case, later):
    address, _order = case
    offer = {"field": "phone", "value": RIGHT}
    assert api(buyer).post(f"{address}/correction", offer).status == 403
    assert api(make_person("agency")).post(f"{address}/correction", offer).status == 404
    assert api(agency).get(f"{address}/correction").status == 404
    api(agency).post(f"{address}/answers", {"statement": "It was right when we called."})
    assert api(agency).post(f"{address}/correction", offer).status == 201, "an answer leaves the time to offer"
    assert api(agency).post(f"{address}/correction", offer).code == "already_offered"


def test_a_number_of_another_lead_of_the_agency_is_not_offered(api, agency, case):
    put_on_sale(api(agency), make_lead(phone="+15122365174"))
    refused = api(agency).post(f"{case[0]}/correction", {"field": "phone", "value": RIGHT})
    assert (refused.status, refused.code) == (422, "not_mended")

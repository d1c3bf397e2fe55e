"""The person in a disputed lead is asked by letter, answers once, and their word is weighed as the rules say."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from marketplace.disputes.reviews import BlindReview
from marketplace.insights import run_checks
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.mail import Bounced
from marketplace.notices import jobs as notices
from marketplace.notices import sending, use_transport
from tests.factories import running
from tests.factories.leads import make_lead, shared
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, open_dispute, open_listing, purchase, put_on_sale

EMAIL = "maria.sandoval@gmail.com"
ANSWER = {"statement": "Our log shows a person who typed for two minutes."}


@pytest.fixture
def people(app):
    people = {kind: make_person(kind) for kind in ("agency", "buyer", "staff")}
    fund(people["buyer"].who, 100_000)
    return people


@pytest.fixture
def disputed(people, api, run_jobs):
    """A lead is bought and disputed: disputed(reason) -> the dispute's address."""

    def disputed(reason="not_requested", sides=people, phone=None, **terms):
        lead = make_lead(email=EMAIL, **({"phone": phone} if phone else {}))
        (lead_id,) = put_on_sale(api(sides["agency"]), lead, **terms)
        order = buy(api(sides["buyer"]), lead_id)
        dispute = open_dispute(api(sides["buyer"]), order, reason, "Not them.")
        run_jobs()
        return f"/disputes/{dispute}"

    return disputed


def others():
    """Another agency that has the person, and another buyer."""
    people = {kind: make_person(kind) for kind in ("agency", "buyer")}
    fund(people["buyer"].who, 100_000)
    return people


@pytest.fixture
def letters(mail):
    """What was written to the person."""
    return lambda: [letter for letter in mail.letters if letter.to == EMAIL]


def link_in(letter):
    return re.search(r"http://127\.0\.0\.1(/asked\?token=\S+)", letter.text)[1]


def press(reader, link, answer):
    return reader.post("/asked", token=link.partition("token=")[2], answer=answer)


def asked():
    return session().execute(text("SELECT * FROM person_questions ORDER BY id")).mappings().all()


def asked_lead():
    found = "SELECT o.lead_id FROM orders o JOIN disputes d ON d.order_id = o.id"
    return str(session().scalar(text(found)))


def test_who_bought_the_person_more_than_once_gets_one_letter_whose_links_differ(
    people, api, visit, disputed, letters, run_jobs, mail
):
    (other,) = put_on_sale(api(people["agency"]), make_lead(email="somebody.else@gmail.com", phone="+1 512 867 4402"))
    order = buy(api(people["buyer"]), other)
    disputed()
    same = """
        UPDATE lead_keys SET digest = (SELECT digest FROM lead_keys WHERE kind = 'email' AND lead_id = :disputed)
        WHERE kind = 'email' AND lead_id = :other
    """
    with transaction():
        session().execute(text(same), {"disputed": asked_lead(), "other": other})
    press(visit(), link_in(letters()[0]), "stop")
    run_jobs()
    (letter,) = [each for each in mail.letters if "does not want to be contacted" in each.subject]
    names = re.findall(r'<a class="cta"[^>]*>\s*(.*?)\s*</a>', letter.html)
    assert [name.split(",")[0] for name in names] == ["Open lead 1 of 2", "Open lead 2 of 2"]
    assert f"{names[0]}:\nhttp://127.0.0.1/orders/{order}" in letter.text
    assert "The person in leads that you bought has told us so. Please stop" in letter.text


def test_not_me_upholds_at_once_and_exactly_once(people, api, visit, disputed, letters, run_jobs):
    dispute = disputed()
    (letter,) = letters()
    assert "Did you ask for this?" in letter.subject
    link, person = link_in(letter), visit()
    page = person.get(link)
    assert (page.status, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    for hidden in ("Sandoval", "Maria", EMAIL, people["buyer"].who.org_name):
        assert hidden not in page.text + letter.text
    person.get(link)  # programs that look through letters
    assert asked()[0]["answer"] is None
    assert "Thank you" in person.follow(press(person, link, "not_me")).words
    for said in ("not_me", "asked"):
        assert press(person, link, said).status == 404
    run_jobs()
    decided = api(people["buyer"]).get(dispute)
    assert (decided["state"], decided["rules"]) == ("upheld", ["consumer_not_me"])
    assert session().execute(text("SELECT count(*) FROM events WHERE name = 'person.answered'")).scalar() == 1
    assert all(finding.holds for finding in run_checks())
    secret = link.partition("token=")[2]
    assert secret not in str([dict(row) for row in asked()])


def test_what_we_wrote_to_the_person_is_not_kept_once_it_has_left(disputed, letters, run_jobs):
    dispute = disputed()
    assert len(letters()) == 1
    assert session().execute(text("SELECT count(*) FROM letters WHERE kind = 'person_asked'")).scalar() == 0
    assert session().execute(text("SELECT count(*) FROM letters WHERE state = 'sent'")).scalar() > 0
    notices.person_asked.func(subject_id=dispute.removeprefix("/disputes/"))  # a job that comes again
    run_jobs()
    assert len(letters()) == 1


def test_yes_i_asked_is_read_by_both_sides_and_adds_nothing(people, api, visit, disputed, letters, run_jobs):
    dispute = disputed()
    before = api(people["staff"]).get(dispute)["p_fake"]
    press(visit(), link_in(letters()[0]), "asked")
    run_jobs()
    found = api(people["agency"]).get(dispute)
    assert found["state"] == "open"
    assert {each["evidence"]: each["found"] for each in found["findings"]}["consumer_not_me"] == "absent"
    assert found["p_fake"] == before
    assert "The person told us that they had asked." in visit(people["buyer"]).get(dispute).words


def test_stop_takes_the_person_off_sale_and_no_letter_follows(
    people, api, visit, disputed, letters, run_jobs, later, mail
):
    second = others()
    (bought_before,) = put_on_sale(api(second["agency"]), make_lead(email=EMAIL), window_days=14)
    order = buy(api(second["buyer"]), bought_before)
    disputed(**shared())
    press(visit(), link_in(letters()[0]), "stop")
    run_jobs()
    lead = api(people["agency"]).get("/leads")["items"][0]
    assert lead["state"] == "withdrawn"
    assert asked()[0]["answer"] == "stop"
    told = {each.to: each for each in mail.letters if "does not want to be contacted" in each.subject}
    assert set(told) == {people["buyer"].email, second["buyer"].email}
    assert f"/orders/{order}" in told[second["buyer"].email].text
    assert f"/orders/{order}" not in told[people["buyer"].email].text
    assert "Sandoval" not in str([(each.text, each.html) for each in told.values()])
    mine = api(second["buyer"]).get(f"/orders/{order}")
    assert mine["no_contact_since"] == api(second["buyer"]).get("/orders")["items"][0]["no_contact_since"] is not None
    for reader, page in ((second["buyer"], f"/orders/{order}"), (second["agency"], f"/leads/{bought_before}")):
        assert "does not want to be contacted any more" in visit(reader).get(page).words
    assert "does not want to be contacted" in visit(second["buyer"]).get("/orders").words
    assert session().execute(text("SELECT count(*) FROM dispute_findings WHERE source = 'consumer'")).scalar() == 0
    later(days=8)
    open_dispute(api(second["buyer"]), order, "not_requested", "Not them.")
    run_jobs()
    assert len(letters()) == 1


def test_nobody_is_reminded_to_take_up_who_wants_no_contact(
    people, api, visit, disputed, letters, run_jobs, later, mail
):
    second = others()
    buyer = api(second["buyer"])
    orders = [buy(buyer, *put_on_sale(api(second["agency"]), make_lead(email=email))) for email in (EMAIL, "a@web.de")]
    for order in orders:
        put_off = {"stage": "deferred", "remind_on": (clock.now() + timedelta(days=3)).date().isoformat()}
        assert buyer.post(f"/orders/{order}/outcomes", put_off).status == 201
    disputed(**shared())
    press(visit(), link_in(letters()[0]), "stop")
    run_jobs()
    later(days=4)
    wanted = session().execute(text("SELECT subject_id FROM events WHERE name = 'outcome.wanted_again'")).scalars()
    assert [str(each) for each in wanted] == orders[1:]


def test_stop_reaches_the_leads_of_that_address_and_no_other_with_the_same_phone(
    people, api, visit, disputed, letters, run_jobs
):
    """A letter proves who reads a mailbox, nothing of a telephone: else it would take rivals' leads off sale."""
    rival, other = (api(make_person("agency")) for _ in range(2))
    phone = "+15122365174"
    (same_phone,) = put_on_sale(rival, make_lead(phone=phone))
    (same_address,) = put_on_sale(other, make_lead(email="MariaSandoval@gmail.com"))
    disputed(phone=phone, **shared())
    press(visit(), link_in(letters()[0]), "stop")
    run_jobs()
    assert api(people["agency"]).get("/leads")["items"][0]["state"] == "withdrawn"
    assert other.get(f"/leads/{same_address}")["state"] == "withdrawn"
    assert rival.get(f"/leads/{same_phone}")["state"] == "available"
    assert "Taken off sale" in (page := visit(people["agency"]).get("/leads/" + asked_lead()).words)
    assert "You took it off sale" not in page


def test_a_stop_from_an_address_that_was_put_right_is_not_told_of_the_person(
    people, api, visit, disputed, letters, run_jobs, mail
):
    """A stranger had the letter: they leave the lead and its buyers alone."""
    dispute, buyer = disputed("wrong_person", **shared()), api(people["buyer"])
    offer = {"field": "email", "value": "maria.sandovel@gmail.com"}
    assert api(people["agency"]).post(f"{dispute}/correction", offer).status == 201
    assert buyer.post(f"{dispute}/correction/trial").status == 201
    assert buyer.post(f"{dispute}/correction/result", {"works": True}).status == 201
    press(visit(), link_in(letters()[0]), "stop")
    run_jobs()
    assert asked()[0]["answer"] == "stop"
    assert api(people["agency"]).get("/leads")["items"][0]["state"] == "available"
    assert not [each for each in mail.letters if "does not want to be contacted" in each.subject]


def test_after_a_stop_nobody_sells_that_address_again_whoever_sends_it(
    people, api, visit, disputed, letters, run_jobs, clock
):
    """Only who had the person is told: who sends any address does not learn that its reader was a lead of somebody."""
    disputed()
    press(visit(), link_in(letters()[0]), "stop")
    clock.advance(days=200)
    other = make_person("agency")
    mine, theirs = api(people["agency"]), api(other)
    lead = make_lead(email="M.ariaSandoval@gmail.com")
    too_old = {**lead, "submitted_at": "2026-01-05T10:00:00Z"}
    for agency in (mine, theirs):
        sent = agency.post(f"/listings/{open_listing(agency)}/leads", [too_old])
        assert sent["items"][0]["status"] == "rejected"
        assert "consent_withdrawn" not in str(sent.body), "the lead is refused anyway"
    (sent,) = mine.post(f"/listings/{open_listing(mine)}/leads", [lead])["items"]
    assert sent["reasons"] == [
        {
            "code": "consent_withdrawn",
            "field": "consent",
            "message": "The person withdrew the consent. The lead cannot be sold.",
        }
    ]
    for _time in range(2):
        hidden, offered = put_on_sale(theirs, lead, make_lead())
        assert theirs.get(f"/leads/{hidden}")["state"] == "available"
        assert "contacted" not in visit(other).get(f"/leads/{hidden}").words
        buyer = api(people["buyer"])
        seen = {each["id"] for each in buyer.get("/catalog/leads")["items"]}
        assert (hidden in seen, offered in seen) == (False, True)
        refused = buyer.post("/orders", purchase(hidden))
        assert (refused.status, refused.code) == (409, "lead_not_offered")
        clock.advance(days=100)


def test_after_the_decision_it_moves_no_money_and_staff_read_it(people, api, visit, disputed, letters, run_jobs):
    dispute = disputed()
    api(people["agency"]).post(f"{dispute}/answers", ANSWER)
    told = {"outcome": "rejected", "refund_percent": 0, "reasoning": "The log is plain."}
    decided = api(people["staff"]).post(f"{dispute}/decisions", told)
    assert decided.status in (200, 201), decided.body
    press(visit(), link_in(letters()[0]), "not_me")
    run_jobs()
    assert api(people["buyer"]).get(dispute)["state"] == "rejected"
    says_otherwise = "The person says otherwise, after the decision"
    with transaction():  # whether the lot falls on it is no matter here
        session().execute(text("DELETE FROM blind_reviews"))
    assert says_otherwise in visit(people["staff"]).get("/admin/reviews").words
    with transaction():
        row = BlindReview(dispute_id=UUID(dispute[10:]), first_by=None, first_percent=0, drawn_at=clock.now())
        session().add(row)
    assert says_otherwise not in visit(people["staff"]).get("/admin/reviews").words, "who looks again is not told"
    assert asked()[0]["is_late"] is True


@pytest.mark.parametrize(("says", "is_listed"), [("not_me", False), ("asked", True)])
def test_a_late_word_is_held_against_what_an_appeal_has_made_of_the_decision(
    people, api, visit, disputed, letters, run_jobs, says, is_listed
):
    dispute = disputed()
    told = {"outcome": "rejected", "refund_percent": 0, "reasoning": "The log is plain."}
    assert api(people["staff"]).post(f"{dispute}/decisions", told).status == 201
    assert api(people["buyer"]).post(f"{dispute}/appeals", {"statement": "It was not them."}).status == 201
    ruling = {"refund_percent": 100, "reasoning": "Seen again."}
    assert api(make_person("staff")).post(f"{dispute}/appeals/buyer/decisions", ruling).status == 201
    press(visit(), link_in(letters()[0]), says)
    with transaction():
        session().execute(text("DELETE FROM blind_reviews"))
    page = visit(people["staff"]).get("/admin/reviews").words
    assert ("The person says otherwise, after the decision" in page, "back 100 %" in page) == (is_listed, is_listed)


@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
def test_a_word_about_the_old_address_decides_nothing_about_the_one_that_was_offered(
    people, api, visit, disputed, letters, run_jobs, is_before
):
    """The letter went to a stranger: a typo had been sold."""
    dispute, buyer, staff = disputed("wrong_person"), api(people["buyer"]), api(people["staff"])
    link, says_otherwise = link_in(letters()[0]), "The person says otherwise, after the decision"
    offer = {"field": "email", "value": "maria.sandovel@gmail.com"}
    assert api(people["agency"]).post(f"{dispute}/correction", offer).status == 201
    assert buyer.post(f"{dispute}/correction/trial").status == 201
    if is_before:
        press(visit(), link, "not_me")
        run_jobs()
        assert buyer.get(dispute)["state"] == "answered", "while the offer is tried nothing is decided"
    assert buyer.post(f"{dispute}/correction/result", {"works": False}).status == 201
    run_jobs()
    if not is_before:
        press(visit(), link, "not_me")
        run_jobs()
    told = buyer.get(dispute)
    said = [each["found"] for each in told["findings"] if each["evidence"] == "consumer_not_me"]
    assert (told["state"], said) == ("answered", ["unknown"] if is_before else [])
    assert says_otherwise not in visit(people["staff"]).get("/admin/reviews").words
    verdict = {"outcome": "rejected", "refund_percent": 0, "reasoning": "The log is plain."}
    assert staff.post(f"{dispute}/decisions", verdict).status == 201
    with transaction():  # whether the lot falls on it is no matter here
        session().execute(text("DELETE FROM blind_reviews"))
    assert (says_otherwise in visit(people["staff"]).get("/admin/reviews").words) is not is_before


@pytest.mark.parametrize("reason", ["invalid_phone", "duplicate", "outside_criteria"])
def test_what_machines_tell_is_asked_of_nobody(disputed, letters, reason):
    disputed(reason)
    assert letters() == []


def test_one_person_is_not_written_to_twice_in_a_week(disputed, letters, clock):
    shared = {"exclusivity": "shared", "max_buyers": 3, "kind": "consumer"}  # nobody offers a sold person as exclusive
    disputed()
    disputed(sides=others(), **shared)
    assert len(letters()) == 1
    clock.advance(days=8)
    disputed(sides=others(), **shared)
    assert len(letters()) == 2


def test_an_old_an_unknown_and_a_used_link_get_the_same_answer(visit, disputed, letters, clock):
    disputed()
    link = link_in(letters()[0])
    clock.advance(days=14, seconds=1)
    old, unknown = visit().get(link), visit().get("/asked?token=nonsense")
    assert old.status == unknown.status == 404
    assert old.words == unknown.words
    assert press(visit(), link, "not_me").status == press(visit(), link, "sung").status == 404


def test_opened_links_are_counted(visit):
    person = visit()
    answers = [person.get("/asked?token=guess").status for _ in range(61)]
    assert (answers[0], answers[-1]) == (404, 429)


def test_a_letter_that_comes_back_is_evidence_and_is_not_written_again(people, api, app, disputed, run_jobs):
    class Refusing:
        def send(self, letter):
            if letter.to == EMAIL:
                raise Bounced

    with running.lent(app):
        use_transport(Refusing(), sending.public_url(), sending.mail_from())
        dispute = disputed()
        api(people["agency"]).post(f"{dispute}/answers", ANSWER)
        run_jobs()
    found = {each["evidence"]: each["found"] for each in api(people["agency"]).get(dispute)["findings"]}
    assert found["hard_bounce"] == "present"

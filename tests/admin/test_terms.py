"""Terms by grade and grades by hand: from now on, never for what was sold."""

import pytest

from marketplace import catalog
from tests.factories.people import joined_once, make_person


@pytest.fixture
def reader(visit, app):
    return visit(make_person("staff"))


def test_new_terms_hold_from_now_on_and_the_old_ones_stay_to_be_seen(reader):
    page = reader.follow(reader.post("/admin/money/terms", grade="C", fee_bp="1150", reason="Stripe costs more."))
    assert "The new terms hold for what is sold from now on." in page.words
    assert "Stripe costs more." in page.words
    assert "11.5\N{NARROW NO-BREAK SPACE}%" in page.text
    assert "The terms at the start" in page.words
    agency = make_person("agency")
    wrong = reader.post("/admin/money/terms", grade="C", fee_bp="99999", reason="Too much.")
    assert (wrong.status, wrong.value_of("fee_bp"), wrong.value_of("reason")) == (422, "99999", "Too much.")
    assert "10000" in wrong.words
    reader.post(f"/admin/organisations/{agency.org_id}/grade", grade="C", reason="Looked at by hand.")
    terms = catalog.terms_of_agency(agency.org_id)
    assert (terms.fee_bp, terms.reserve_bp, terms.number) == (1150, 1000, 2)


def test_who_once_joined_an_agency_sets_no_grade_of_it(app, visit):
    agency, staff = make_person("agency"), make_person("staff")
    joined_once(staff, agency)
    answer = visit(staff).post(f"/admin/organisations/{agency.org_id}/grade", grade="A", reason="They are good.")
    assert answer.status == 403
    assert "Someone else must decide this" in answer.words
    assert catalog.terms_of_agency(agency.org_id).grade == "new"


def test_weight_audits_and_the_limit_of_open_windows_are_terms_too(reader):
    sent = {"visibility_bp": "9000", "audit_bp": "2500", "most_unmatured": "40", "reason": "They grow up."}
    reader.post("/admin/money/terms", grade="new", **sent)
    agency = make_person("agency")
    terms = catalog.terms_of_agency(agency.org_id)
    assert (terms.visibility_bp, terms.audit_bp, terms.most_unmatured, terms.fee_bp) == (9000, 2500, 40, 1000)
    assert "at most 40" in reader.get(f"/admin/organisations/{agency.org_id}").words
    reader.post("/admin/money/terms", grade="new", no_limit="1", most_unmatured="7", reason="No limit at all.")
    assert catalog.terms_of_agency(agency.org_id).most_unmatured is None
    assert "Leads in open windows no limit" in reader.get(f"/admin/organisations/{agency.org_id}").words


def test_terms_that_hold_already_are_not_set_again(reader):
    sent = {"grade": "B", "fee_bp": "950", "reason": "A little more."}
    assert reader.post("/admin/money/terms", **sent).status == 303
    twice = reader.post("/admin/money/terms", **sent)
    assert (twice.status, twice.value_of("fee_bp")) == (422, "950")
    assert "These terms already apply." in twice.words
    assert [terms.number for terms in catalog.all_grade_terms() if terms.grade == "B"] == [2, 1]


def test_a_grade_is_set_with_its_reason_and_errors_stand_at_their_fields(reader):
    agency = make_person("agency")
    address = f"/admin/organisations/{agency.org_id}"
    before = reader.get(address)
    assert "First payout after 14 days" in before.words
    wrong = reader.post(f"{address}/grade", grade="B", reason="good")
    assert (wrong.status, wrong.value_of("reason")) == (422, "good")
    assert "Give a reason (5 to 500 characters)." in wrong.words
    assert '<option value="B" selected>' in wrong.text
    page = reader.follow(reader.post(f"{address}/grade", grade="B", reason="Fifty clean leads."))
    assert "The grade is set." in page.words
    assert "Fee 9 % Reserve 5 % for 30 days Payouts daily" in page.words
    assert reader.post(f"{address}/grade", grade="Z", reason="Fifty clean leads.").status == 422


def test_the_terms_stand_below_money_health_in_the_navigation(reader):
    for path in ("/admin/money/terms", "/admin/money/payouts"):
        current = reader.get(path).text.partition('aria-current="page"')
        assert "Money health" in current[2][:400], path


def test_only_whoever_may_set_them_does(visit, app):
    member, agency = visit(make_person("staff", role="member")), make_person("agency")
    assert member.get("/admin/money/terms").status == 200
    assert member.post("/admin/money/terms", grade="C", reason="As I like.").status == 403
    own = f"/admin/organisations/{agency.org_id}"
    assert "Set the grade" not in member.get(own).words
    assert member.post(f"{own}/grade", grade="A", reason="As I like.").status == 403
    assert visit(agency).get("/admin/money/terms").status == 404
    buyer = make_person("buyer").org_id
    owner = visit(make_person("staff"))
    assert "Set the grade" not in owner.get(f"/admin/organisations/{buyer}").words
    assert owner.post(f"/admin/organisations/{buyer}/grade", grade="A", reason="As I like.").status == 404

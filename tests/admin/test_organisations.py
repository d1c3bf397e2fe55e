from uuid import uuid4

import pytest

from tests.factories.people import make_person


@pytest.fixture
def waiting(app):
    return make_person("buyer", is_verified=False)


def test_those_that_wait_stand_first_and_filters_narrow(staff, waiting):
    other = make_person("agency")
    page = staff.get("/admin/organisations")
    assert page.text.index(waiting.who.org_name) < page.text.index(other.who.org_name)
    assert other.who.org_name not in staff.get("/admin/organisations?checked=no").words
    assert waiting.who.org_name not in staff.get("/admin/organisations?kind=agency").words
    assert "No organisation fits" in staff.get("/admin/organisations?name=nobody").words
    untouched = staff.get("/admin/organisations?kind=&checked=no&name=")
    assert untouched.location == "/admin/organisations?checked=no"


def test_one_question_verifies_and_the_people_are_told(staff, waiting, run_jobs, mail):
    address = f"/admin/organisations/{waiting.org_id}"
    page = staff.get(address)
    assert "waits for a check" in page.words
    assert waiting.email in page.words
    assert "Yes, verify it" in page.words
    assert "is verified" in staff.follow(staff.post(f"{address}/verification")).words
    assert "Verified" in staff.get(address).words
    assert staff.post(f"{address}/verification").status == 303
    run_jobs()
    assert [letter.to for letter in mail.letters] == [waiting.email]


def test_a_website_is_a_link_only_where_it_leads_to_the_web(staff, waiting, visit):
    told = visit(waiting).post("/account/organisation", website="javascript:alert(1)", registration_number="HRB 1")
    assert told.status in (303, 404, 422)
    assert 'href="javascript' not in staff.get(f"/admin/organisations/{waiting.org_id}").text


def test_only_staff_with_the_power_come_here(waiting, visit):
    address = f"/admin/organisations/{waiting.org_id}"
    owner = visit(waiting)
    assert [owner.get("/admin/organisations").status, owner.get(address).status] == [404, 404]
    assert owner.post(f"{address}/verification").status == 404
    finance = visit(make_person("staff", role="finance"))
    assert finance.get(address).status == 403
    assert finance.post(f"{address}/verification").status == 403


def test_what_is_not_there_is_not_found(staff):
    assert staff.get(f"/admin/organisations/{uuid4()}").status == 404
    assert staff.get(f"/admin/organisations/{make_person('staff').org_id}").status == 404

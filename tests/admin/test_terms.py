"""Terms by grade and grades by hand: from now on, never for what was sold."""

import pytest

from marketplace import catalog
from tests.factories.people import make_person


@pytest.fixture
def reader(visit, app):
    return visit(make_person("staff"))


def test_new_terms_hold_from_now_on_and_the_old_ones_stay_to_be_seen(reader):
    page = reader.follow(reader.post("/admin/terms", grade="C", fee_bp="1100", reason="Stripe costs more."))
    assert "The new terms hold for what is sold from now on." in page.words
    assert "Stripe costs more." in page.words
    assert "The terms at the start" in page.words
    agency = make_person("agency")
    wrong = reader.post("/admin/terms", grade="C", fee_bp="99999", reason="Too much.")
    assert (wrong.status, wrong.value_of("fee_bp"), wrong.value_of("reason")) == (422, "99999", "Too much.")
    assert "less than or equal to 10000" in wrong.words
    reader.post(f"/admin/terms/agencies/{agency.org_id}", grade="C", reason="Looked at by hand.")
    terms = catalog.terms_of_agency(agency.org_id)
    assert (terms.fee_bp, terms.reserve_bp, terms.number) == (1100, 1000, 2)


def test_only_whoever_may_set_them_does(visit, app):
    member = visit(make_person("staff", role="member"))
    assert member.get("/admin/terms").status == 200
    assert member.post("/admin/terms", grade="C", reason="As I like.").status == 403
    assert visit(make_person("agency")).get("/admin/terms").status == 404

from marketplace.kit.db import transaction
from marketplace.people import actions, queries, terms
from tests.factories.people import PASSWORD, make_person, verify


def test_the_page_says_who_one_is_and_what_was_accepted(visit):
    owner = make_person("agency")
    page = visit(owner).get("/account").words
    assert owner.email in page
    assert "confirmed" in page
    assert "checked by us" in page
    assert "Version 1, accepted by Dana Ortiz" in page


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(visit):
    buyer = make_person()
    here, elsewhere = visit(buyer), visit(buyer)
    wrong = here.post("/account/password", current="not this one at all", password="another fine password")
    assert wrong.status == 422
    assert "This is not your password." in wrong.words
    assert here.post("/account/password", current=PASSWORD, password="short").status == 422
    assert here.post("/account/password", current=PASSWORD, password="another fine password").status == 303
    assert here.get("/account").status == 200
    assert elsewhere.get("/account").status == 303


def test_an_organisation_is_described_until_it_is_checked(visit):
    owner = make_person("agency", is_verified=False)
    reader = visit(owner)
    assert "not checked yet" in reader.get("/account").words
    bad = reader.post("/account/organisation", website="javascript:alert(1)", registration_number="77")
    assert bad.status == 422
    assert bad.value_of("website") == "javascript:alert(1)"
    reader.post("/account/organisation", website="https://tallgrass.example", registration_number="77-12")
    assert reader.get("/account").value_of("website") == "https://tallgrass.example"
    verify(owner.org_id)
    late = reader.follow(reader.post("/account/organisation", website="https://other.example"))
    assert "checked by us" in late.words
    assert "other.example" not in late.text


def test_only_an_owner_describes_and_accepts(visit):
    owner = make_person("buyer", has_terms=False, is_verified=False)
    member = make_person("buyer", role="manager", org_id=owner.org_id, has_terms=False, is_verified=False)
    reader = visit(member)
    assert "The owner of your organisation" in reader.get("/account").words
    assert reader.post("/account/organisation", website="https://x.example").status == 403
    assert reader.post("/account/terms", accept="1", **terms.current()).status == 403


def test_terms_are_accepted_once_read(visit):
    owner = make_person("buyer", has_terms=False)
    reader = visit(owner)
    assert "to be accepted" in reader.get("/account").words
    assert reader.post("/account/terms", **terms.current()).status == 422
    assert reader.post("/account/terms", accept="1", **{**terms.current(), "terms": "0"}).status == 409
    assert reader.post("/account/terms", accept="1", **terms.current()).status == 303
    with transaction():
        assert queries.has_accepted(owner.org_id)


def test_somebody_of_two_organisations_switches_between_them(visit):
    person, other, stranger = make_person("buyer"), make_person("agency"), make_person("agency")
    with transaction():
        actions.invite(other.who, person.email, "member")
    reader = visit(person)
    assert reader.post(f"/account/switch/{other.org_id}").status == 404
    with transaction():
        invitation = queries.invitations_for(other.who)[0]
        actions.join_as(person.who, queries.invited(invitation.id).token)
    assert "Your other organisations" in reader.get("/account").words
    assert reader.post(f"/account/switch/{other.org_id}").location == "/overview"
    assert reader.post(f"/account/switch/{stranger.org_id}").status == 404


def test_first_steps_lead_on_from_the_one_that_is_next(visit):
    owner = make_person("agency", has_terms=False, is_verified=False)
    page = visit(owner).get("/account").words
    assert "1 of 5 done" in page
    assert "Accept the terms" in page
    assert "Tell us about your organisation" in page
    assert "Make a listing" in page
    assert "First steps" not in visit(make_person("staff")).get("/account").words

import pytest
from sqlalchemy import update

from marketplace import events
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Forbidden, Invalid, NotFound
from marketplace.kit.paging import Ask
from marketplace.people import actions, queries, terms
from marketplace.people.errors import AddressTaken, AlreadyVerified, OldTerms
from marketplace.people.models import TermsAcceptance
from marketplace.people.rules import Power


@pytest.fixture
def staff(make_who):
    return make_who(kind="staff", role="member")


def test_staff_verify_an_organisation_once(make_who, staff):
    owner = make_who(kind="agency")
    for _time in range(2):
        with transaction():
            org = actions.verify_organisation(staff, owner.org_id)
    assert org.verified_by == staff.user_id
    assert queries.who_of_member(owner.user_id, owner.org_id, "page").is_verified
    (event,) = events.history(owner.org_id, "organisation.verified")
    assert (event.org_ids, event.actor_id) == ([owner.org_id], staff.user_id)


def test_nobody_else_verifies_and_staff_are_not_verified(make_who, staff):
    owner = make_who(kind="agency")
    for who in (owner, make_who(kind="staff", role="finance")):
        with pytest.raises(Forbidden), transaction():
            actions.verify_organisation(who, owner.org_id)
    for org_id in (staff.org_id, staff.user_id):
        with pytest.raises(NotFound), transaction():
            actions.verify_organisation(staff, org_id)


def test_staff_see_those_who_wait_first_then_the_newest_page_by_page(make_org, make_who, staff):
    ids = sorted(make_org(kind) for kind in ("agency", "buyer", "agency", "buyer", "agency"))
    with transaction():
        actions.verify_organisation(staff, ids[4])
        actions.verify_organisation(staff, ids[1])
    seen, cursor = [], None
    while True:
        page = queries.organisations_for(staff, Ask(cursor, 2))
        seen += [org.id for org in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [ids[3], ids[2], ids[0], ids[4], ids[1]]


def test_the_list_of_staff_is_narrowed(make_org, make_who, staff):
    agency, buyer = make_org("agency", "Bright 100%"), make_org("buyer", "Dark 100x")
    with transaction():
        actions.verify_organisation(staff, buyer)

    def ids(**filters):
        return [org.id for org in queries.organisations_for(staff, Ask(), **filters).items]

    assert ids(kind="agency") == [agency]
    assert ids(is_verified=True) == [buyer]
    assert ids(is_verified=False) == [agency]
    assert ids(name="bright") == [agency]
    assert ids(name="100%") == [agency]
    with pytest.raises(Forbidden):
        queries.organisations_for(make_who(), Ask())
    with pytest.raises(Invalid):
        queries.organisations_for(staff, Ask("not-a-cursor"))


def test_an_organisation_is_found_by_its_members_and_by_staff_only(make_who, staff):
    who, stranger = make_who(), make_who()
    assert queries.find_for(who, who.org_id).id == who.org_id
    assert queries.find_for(staff, who.org_id).id == who.org_id
    assert [member.user_id for member in queries.members_for(staff, who.org_id)] == [who.user_id]
    for org_id in (who.org_id, stranger.user_id):
        with pytest.raises(NotFound):
            queries.find_for(stranger, org_id)


def test_details_can_be_told_until_staff_have_checked_them(make_who, staff):
    owner = make_who()
    with transaction():
        actions.describe_organisation(owner, website="https://b.example", registration_number="0803 412 996")
    assert queries.find_for(owner, owner.org_id).registration_number == "0803 412 996"
    with transaction():
        actions.verify_organisation(staff, owner.org_id)
    with pytest.raises(AlreadyVerified), transaction():
        actions.describe_organisation(owner, website="", registration_number="")


def test_terms_are_accepted_by_an_owner_in_their_current_version(make_who):
    owner = make_who()
    assert not queries.has_accepted(owner.org_id, "data_processing")
    with pytest.raises(OldTerms), transaction():
        actions.accept_terms(owner, {"terms": "1"})
    manager = make_who(role="manager", org_id=owner.org_id)
    with pytest.raises(Forbidden), transaction():
        actions.accept_terms(manager, terms.current())
    for _time in range(2):
        with transaction():
            actions.accept_terms(owner, terms.current())
    assert queries.has_accepted(owner.org_id)
    assert len(events.history(owner.org_id, "terms.accepted")) == 2


def test_an_older_version_does_not_count(make_who):
    owner = make_who()
    with transaction():
        actions.accept_terms(owner, terms.current())
    with transaction():
        session().execute(update(TermsAcceptance).where(TermsAcceptance.document == "terms").values(version="0"))
    assert not queries.has_accepted(owner.org_id)
    assert queries.has_accepted(owner.org_id, "data_processing")


def test_every_document_has_words_and_a_version(app):
    for document in terms.DOCUMENTS.values():
        assert document.version
        assert all(section.heading and section.paragraphs for section in document.sections)
    words = " ".join(str(words) for section in terms.TERMS.sections for words in section.paragraphs)
    assert "held" in words
    assert "escrow" not in words


def test_a_command_does_not_make_the_same_person_twice(make_who, make_org):
    who, other = make_who(email="dana@example.com"), make_org()
    with pytest.raises(AddressTaken), transaction():
        actions.create_user(email="dana@example.com", name="D", password="demo-demo-demo", org_id=other, role="owner")
    assert [place.org_id for place in queries.organisations_of(who)] == [who.org_id]


def test_letters_of_an_organisation_go_to_confirmed_members_with_the_power(make_who):
    owner = make_who(email="owner@example.com")
    make_who(role="finance", email="finance@example.com", org_id=owner.org_id)
    make_who(role="member", email="member@example.com", org_id=owner.org_id)
    found = queries.addressees(owner.org_id, Power.WALLET_WRITE)
    assert [to.email for to in found] == ["owner@example.com", "finance@example.com"]

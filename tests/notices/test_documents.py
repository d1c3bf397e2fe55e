import pytest

from marketplace.billing import documents
from marketplace.kit.db import transaction
from marketplace.notices import jobs
from tests.factories.money import fund
from tests.factories.people import make_person


@pytest.fixture
def receipt(app):
    """A buyer with a person of each role, and the receipt of their top-up."""
    owner = make_person("buyer")
    people = {role: make_person("buyer", role=role, org_id=owner.org_id) for role in ("manager", "member", "finance")}
    make_person("buyer")  # somebody else
    top_up_id = fund(owner.who, 12_300)
    with transaction():
        return {"owner": owner, **people}, documents.issue_receipt(top_up_id)


def test_those_who_look_after_the_money_are_told_once_with_a_link(receipt, post, mail):
    people, document = receipt
    for _time in range(2):
        jobs.document_issued(subject_id=str(document.id))
    post()
    assert [letter.to for letter in mail.letters] == [people[role].email for role in ("owner", "manager", "finance")]
    letter = mail.letters[0]
    assert letter.subject == f"Receipt {document.name}"
    for said in (f"/documents/{document.id}", "$123.00", "For money that was paid into your wallet."):
        assert said in letter.text
        assert said in letter.html
    assert "Period" not in letter.text

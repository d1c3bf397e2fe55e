"""Documents for scripts."""

import pytest

from marketplace.billing.documents import DocumentKind
from tests.factories.people import make_person

K = DocumentKind
GIVEN = {
    "legal_name": "Jaźń",
    "address": "Warszawa",
    "country": "PL",
    "is_vat_registered": True,
    "vat_id": "8567346215",
}


@pytest.fixture
def script(api, org):
    return api(org)


def test_documents_are_listed_filtered_and_paged(script, issue, clock):
    made = [issue(100), issue(200, kind=K.RECEIPT), issue(300)]
    listed = script.get("/documents", limit=2)
    assert [each["id"] for each in listed["items"]] == [str(made[2].id), str(made[1].id)]
    rest = script.get("/documents", limit=2, cursor=listed["next_cursor"])
    assert [each["number"] for each in rest["items"]] == [made[0].name]
    assert [each["kind"] for each in script.get("/documents", kind="receipt")["items"]] == ["receipt"]
    assert script.get("/documents", year=clock.now().year + 1)["items"] == []
    for wrong in ({"kind": "novel"}, {"year": "MMXX"}, {"year": 1}, {"month": 1}):
        assert script.get("/documents", **wrong).status == 422


def test_one_document_comes_with_its_parties_and_lines(script, issue):
    issued = issue(100, 250, kind=K.STATEMENT, opening=50)
    whole = script.get(f"/documents/{issued.id}")
    assert whole["document"]["number"] == issued.name
    assert whole["document"]["total"] == {"amount": 400, "currency": "USD"}
    assert [line["amount"] for line in whole["lines"]] == [100, 250]
    assert whole["opening"] == 50
    assert whole["ours"]["name"] == "Fairlead Exchange Ltd"


@pytest.mark.parametrize("ending", ["", ".pdf", ".csv"])
def test_a_stranger_finds_nothing(api, issue, ending):
    invoice = issue()
    for kind in ("buyer", "agency"):
        answer = api(make_person(kind)).get(f"/documents/{invoice.id}{ending}")
        assert (answer.status, answer.code) == (404, "not_found")
    assert api(make_person("staff")).get(f"/documents/{invoice.id}{ending}").status == 403


def test_a_key_needs_the_scope_of_the_money(api):
    poor = api(make_person("buyer", scopes=["orders:read"]))
    assert poor.get("/documents").code == "missing_scope"
    assert poor.get("/billing-details").code == "missing_scope"
    reads = api(make_person("buyer", scopes=["wallet:read"]))
    assert reads.get("/documents").status == 200
    assert reads.put("/billing-details", GIVEN).code == "missing_scope"


def test_details_are_given_and_read(script, org):
    before = script.get("/billing-details")
    assert (before["legal_name"], before["address"], before["is_vat_registered"]) == (org.who.org_name, "", False)
    for _time in range(2):
        given = script.put("/billing-details", GIVEN)
        assert (given.status, given["vat_id"]) == (200, "PL8567346215")
    assert script.get("/billing-details")["legal_name"] == "Jaźń"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"vat_id": "8567346216"}, "vat_id"),
        ({"vat_id": ""}, "vat_id"),
        ({"is_vat_registered": False}, "vat_id"),
        ({"country": "Poland"}, "country"),
        ({"legal_name": ""}, "legal_name"),
        ({"legal_name": None}, "legal_name"),
        ({"address": "a\n" * 6}, "address"),
        ({"grade": "A"}, "grade"),
    ],
)
def test_details_that_cannot_be_are_refused_by_field(script, wrong, field):
    refused = script.put("/billing-details", {**GIVEN, **wrong})
    assert (refused.status, list(refused["error"]["fields"])) == (422, [field])

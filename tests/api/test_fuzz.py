"""Every operation against its own description, with whatever can be sent: never a 500, always the promised form."""

import contextlib
import contextvars
import os
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from marketplace.billing import documents
from marketplace.kit.db import transaction
from tests.factories.cards import keep_card
from tests.factories.facts import ringing
from tests.factories.leads import make_lead, shared
from tests.factories.money import fund
from tests.factories.people import make_person

PARTS = (
    "Verticals",
    "Listings",
    "Leads",
    "Imports",
    "Balance",
    "Catalogue",
    "Orders",
    "Wallet",
    "Disputes",
    "Documents",
    "Outcomes",
    "Payouts",
    "Sales",
    "Staff",
    "Proof",
    "Quality",
    "Exchange",
    "Corrections",
    "Calls",
    "Batches",
)
ASKED_BY = {
    "Balance": "agency",
    "Batches": "staff",
    "Calls": "buyer",
    "Catalogue": "buyer",
    "Orders": "buyer",
    "Wallet": "buyer",
    "Documents": "buyer",
    "Outcomes": "buyer",
    "Sales": "buyer",
    "Staff": "staff",
}
BRIEF = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "10")),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def operations(product):
    """All that the description tells of: read once, since what it is drawn from is gathered from the whole product."""
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", product)
    return [result.ok() for result in description.get_all_operations()]


@pytest.fixture
def world(api):
    """Two parties with something of everything: people by kind, and ids by the name of their parameter."""
    people = {kind: make_person(kind) for kind in ("agency", "buyer", "staff")}
    agency, buyer = api(people["agency"]), api(people["buyer"])
    top_up = fund(people["buyer"].who, 50_000)
    with transaction():
        receipt = documents.issue_receipt(UUID(top_up))
    listing = agency.post("/listings", shared())["id"]
    agency.patch(f"/listings/{listing}", {"state": "active"})
    sent = agency.post(f"/listings/{listing}/leads", [make_lead(), make_lead()])
    lead, other = (item["id"] for item in sent["items"])
    price = {"amount": 2_500, "currency": "USD"}
    orders = [buyer.post("/orders", {"lead_id": each, "quoted_price": price})["id"] for each in (lead, other)]
    dispute = buyer.post(f"/orders/{orders[0]}/disputes", {"reason": "bot", "statement": "It was a program."})
    ids = {"listing_id": listing, "lead_id": lead, "order_id": orders[1], "dispute_id": dispute["id"]}
    ids["document_id"] = str(receipt.id)
    ids["card_id"] = str(keep_card(people["buyer"].who).card_id)
    ids["agency_id"] = str(people["agency"].org_id)
    ids["alarm_id"] = ringing(people["agency"].org_id, 1)[0]
    return people, {**ids, "org_id": str(people["buyer"].org_id), "slug": "education"}


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "broken"])
@pytest.mark.parametrize("part", PARTS)
def test_nothing_that_is_sent_breaks_the_api(operations, world, part, mode, request):
    people, ids = world
    if part in ("Wallet", "Payouts"):  # some of it takes nothing that could be refused before Stripe is asked
        request.getfixturevalue("gateway")
    key = people[ASKED_BY.get(part, "agency")].key
    found = [operation for operation in operations if part in tags_of(operation)]
    assert found
    for operation in found:
        send_all(operation, mode, key, ids)


def test_no_part_of_the_api_is_left_out(operations):
    assert {tag for operation in operations for tag in tags_of(operation)} == set(PARTS)


def tags_of(operation):
    return operation.definition.raw["tags"]


def send_all(operation, mode, key, ids):
    @BRIEF
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case):
        known = {name: ids[name] for name in case.path_parameters or {} if name in ids}
        case.path_parameters = {**(case.path_parameters or {}), **known}
        answer = contextvars.Context().run(case.call, headers={"Authorization": f"Bearer {key}"})
        case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])
        if answer.status_code >= 400 and case.method != "HEAD":
            assert set(answer.json()["error"]) == {"code", "message", "fields"}, case.as_curl_command()

    with contextlib.suppress(Unsatisfiable):  # some operations take nothing that could be wrong
        run()

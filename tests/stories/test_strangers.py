"""Whatever belongs to somebody else does not exist: 404 on every address, for reading and for acting."""

import io

import pytest

from marketplace.kit.db import transaction
from marketplace.people.actions.rows import Themselves, add_member
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, open_listing, purchase, put_on_sale

CSV = b"full_name,phone,email\nMaria Sandoval,+12125550123,m@example.com\n"
LOG = {"evidence": [{"name": "log.txt", "content": "Y2FsbGVk"}]}
WORDS = {"reason": "bot", "statement": "It was a program."}


@pytest.fixture
def mine(api, app):
    """One of everything: ids by what they are."""
    person = make_person("buyer")
    agency, buyer = api(make_person("agency")), api(person)
    fund(person.who, 100_000)
    listing = open_listing(agency)
    first, second = put_on_sale(agency, count=2)
    form = {"file": (io.BytesIO(CSV), "leads.csv")}
    order = buy(buyer, first)
    dispute = buyer.post(f"/orders/{order}/disputes", {**WORDS, **LOG})
    return {
        "listing": listing,
        "lead": second,
        "import": agency.post(f"/listings/{listing}/imports", form=form)["id"],
        "order": buy(buyer, second),
        "dispute": dispute["id"],
        "evidence": dispute["evidence"][0]["id"],
    }


@pytest.mark.parametrize(
    ("kind", "method", "path", "body"),
    [
        ("agency", "get", "/listings/{listing}", None),
        ("agency", "patch", "/listings/{listing}", {"title": "Mine now"}),
        ("agency", "post", "/listings/{listing}/leads", [make_lead.__name__]),
        ("agency", "get", "/leads/{lead}", None),
        ("agency", "post", "/leads/{lead}/withdrawal", None),
        ("agency", "get", "/imports/{import}", None),
        ("agency", "patch", "/imports/{import}", {"delimiter": ";"}),
        ("agency", "post", "/imports/{import}/pause", None),
        ("agency", "post", "/imports/{import}/resumption", None),
        ("agency", "post", "/imports/{import}/cancellation", None),
        ("agency", "get", "/imports/{import}/errors.csv", None),
        ("agency", "get", "/orders/{order}", None),
        ("agency", "get", "/disputes/{dispute}", None),
        ("agency", "post", "/disputes/{dispute}/answers", {"statement": "It was a person."}),
        ("agency", "post", "/disputes/{dispute}/evidence", LOG),
        ("agency", "get", "/disputes/{dispute}/evidence/{evidence}", None),
        ("buyer", "get", "/orders/{order}", None),
        ("buyer", "post", "/orders/{order}/disputes", WORDS),
        ("buyer", "get", "/disputes/{dispute}", None),
        ("buyer", "post", "/disputes/{dispute}/withdrawal", None),
        ("buyer", "post", "/disputes/{dispute}/evidence", LOG),
        ("buyer", "get", "/disputes/{dispute}/evidence/{evidence}", None),
        ("buyer", "get", "/catalog/leads/{lead}", None),
    ],
)
def test_a_stranger_finds_nothing(api, mine, kind, method, path, body):
    stranger = api(make_person(kind))
    ask = getattr(stranger, method)
    answer = ask(path.format(**mine)) if body is None else ask(path.format(**mine), body)
    assert (answer.status, answer.code) == (404, "not_found"), answer.body


def test_a_file_sent_to_a_strangers_listing_is_refused_and_not_kept(api, app, mine, tmp_path_factory):
    stranger = api(make_person("agency"))
    answer = stranger.post(f"/listings/{mine['listing']}/imports", form={"file": (io.BytesIO(CSV), "leads.csv")})
    assert (answer.status, answer.code) == (404, "not_found")


def test_a_top_up_of_somebody_else_does_not_exist(api, gateway):
    mine, stranger = api(make_person("buyer")), api(make_person("buyer"))
    asked = mine.post("/wallet/top-ups", {"amount": {"amount": 2_000, "currency": "USD"}})
    assert mine.get(f"/wallet/top-ups/{asked['id']}").status == 200
    assert stranger.get(f"/wallet/top-ups/{asked['id']}").status == 404


@pytest.mark.parametrize("path", ["/listings", "/leads", "/imports", "/orders", "/disputes", "/balance/entries"])
def test_a_strangers_lists_are_empty(api, mine, path):
    assert api(make_person("agency")).get(path).body == {"items": [], "next_cursor": None}


def test_an_agency_cannot_buy_through_a_second_organisation_of_its_own(api, app):
    agency = make_person("agency")
    (lead_id,) = put_on_sale(api(agency))
    buyer = make_person("buyer")
    fund(buyer.who, 10_000)
    join(agency, buyer.org_id)
    refused = api(buyer).post("/orders", purchase(lead_id))
    assert (refused.status, refused.code) == (403, "own_lead")


def join(person, org_id):
    """The agency's person becomes a member of the buyer, too."""
    with transaction():
        add_member(person.who.user_id, org_id, "member", Themselves(person.who.user_id))
